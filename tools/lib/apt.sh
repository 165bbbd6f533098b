# apt with a state of its own: the system's sources, lists and packages are
# not touched.  To be sourced by bash; all state is in $BUILD/apt.


# apt_mirrors: the archives that this machine already uses, best guess first

apt_mirrors () {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        | sort -u | awk '{ print (/debian\/?$/ ? 0 : 1), $0 }' | sort -s -n \
        | cut -d' ' -f2
}


# apt_private STATE COMMAND ...: apt-get with the sources of STATE

apt_private () {
    local state=$BUILD/apt/$1

    shift
    apt-get -q -y \
        -o Dir::Etc::sourcelist="$state/sources.list" \
        -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$state/lists" \
        -o Dir::Cache="$state/cache" \
        -o APT::Sandbox::User=root \
        -o Acquire::Languages=none \
        -o Acquire::Retries=2 \
        "$@"
}


# apt_suite STATE TYPE SUITE: lists of one suite from the first mirror that
# has it; 1 where none has

apt_suite () {
    local dir=$BUILD/apt/$1 mirror

    mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"

    for mirror in $(apt_mirrors); do
        echo "$2 $mirror $3 main" > "$dir/sources.list"
        if apt_private "$1" update > "$dir/update.log" 2>&1 \
           && ! grep -q '^[EW]:' "$dir/update.log"
        then
            return 0
        fi
    done

    return 1
}
