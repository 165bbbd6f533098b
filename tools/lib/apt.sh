# apt with a state of its own: the system's sources, lists and packages are
# not touched.  To be sourced by bash; all state is in $BUILD/apt.


# apt_mirrors: the archives that this machine already uses, main one first

apt_mirrors () {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        | sort -u | awk '{ print (/debian\/?$/ ? 0 : 1), $0 }' | sort -s -n \
        | cut -d' ' -f2
}


# apt_private STATE COMMAND ...: apt-get or apt-cache with the lists of STATE

apt_private () {
    local state=$BUILD/apt/$1 command=$2

    shift 2
    $command -q \
        -o Dir::Etc::sourcelist="$state/sources.list" \
        -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$state/lists" \
        -o Dir::Cache="$state/cache" \
        -o APT::Sandbox::User=root \
        -o Acquire::Languages=none \
        -o Acquire::Retries=2 \
        "$@"
}


# apt_suites STATE TYPE SUITE ...: the lists of each suite from the first
# mirror that has it; 1 where no mirror has any

apt_suites () {
    local state=$1 type=$2 dir=$BUILD/apt/$1 found= mirror suite

    shift 2
    rm -rf "$dir"
    mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"

    for suite; do
        for mirror in $(apt_mirrors); do
            echo "$type $mirror $suite main" > "$dir/sources.list"
            if apt_private "$state" apt-get update > "$dir/update.log" 2>&1 \
               && ! grep -q '^[EW]:' "$dir/update.log"
            then
                found="$found$type $mirror $suite main\n"
                break
            fi
        done
    done

    if [ -z "$found" ]; then
        return 1
    fi

    printf "$found" > "$dir/sources.list"
    apt_private "$state" apt-get update > "$dir/update.log" 2>&1
}
