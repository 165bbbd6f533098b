/*
 * A banner for those who have not chosen yet, over the API of
 * xpecto_consent_api.  Without a script, and for each purpose apart, there is
 * the page of the same path.
 *
 *   <script src="/consent.js" data-api="/.xpecto/consent"
 *           data-policy="/privacy.html" defer></script>
 *
 * It says what is asked for, of which the server knows the names.
 *
 * After each choice the document gets an event "consent", whose detail is the
 * state, and gtag(), if there is one, an update of its consent mode.
 */

'use strict';

(() => {
    const {api = '/.xpecto/consent', policy = '/privacy'} =
        document.currentScript.dataset;

    /* who has answered, or cannot consent, is not asked */

    const answers = ['valid', 'restricted', 'age_blocked'];

    const words = {
        functional: 'extra functions', preferences: 'preferences',
        analytics: 'statistics', ad_storage: 'advertising',
        ad_user_data: 'advertising', ad_personalization: 'advertising',
        sale_share: 'sale or sharing of data',
        marketing_comms: 'marketing messages', diagnostics: 'diagnostics',
        session_replay: 'session replay', social_embeds: 'social media',
        precise_geo: 'exact location', profiling: 'profiling',
        custom: 'other purposes'
    };

    async function call(choice, resource = '') {
        const answer = await fetch(api + resource, {
            method: choice ? 'POST' : 'GET',
            headers: {
                'Accept': 'application/json',
                'Content-Type': 'application/json'
            },
            body: choice && JSON.stringify(choice)
        });

        if (!answer.ok) {
            throw answer.status;
        }

        return answer.json();
    }

    function add(parent, name, text, properties) {
        const element = document.createElement(name);

        element.textContent = text;
        Object.assign(element, properties);
        parent.append(element);

        return element;
    }

    function open_page() {
        location = `${api}?return=`
            + encodeURIComponent(location.pathname + location.search);
    }

    function asked(config) {
        const list = config.purposes.filter(p => p.basis !== 'necessary')
            .map(p => words[p.name] || p.name);

        return [...new Set(list)].join(', ');
    }

    function show(config) {
        const banner = document.createElement('section');

        banner.className = 'consent';
        banner.setAttribute('aria-label', 'Privacy choices');

        const text = add(banner, 'p', `May we use your data for ${asked(config)}`
            + '? The site works without. You can change your mind at any time '
            + 'by \u201cPrivacy choices\u201d. ', {role: 'status'});

        add(text, 'a', 'Privacy policy', {href: policy});

        const row = add(banner, 'div', '', {});

        const choose = choice => async () => {
            try {
                const state = await call(choice);

                banner.remove();

                if (typeof gtag === 'function') {
                    gtag('consent', 'update', state.consent_mode);
                }

                document.dispatchEvent(
                    new CustomEvent('consent', {detail: state}));

            } catch (status) {

                /* the age is asked for first, which the page does */

                if (status === 403) {
                    open_page();
                }

                text.textContent = 'That was not saved. Please try again.';
            }
        };

        add(row, 'button', 'Accept all', {onclick: choose({accept: ['*']})});
        add(row, 'button', 'Reject all', {onclick: choose({reject: ['*']})});
        add(row, 'button', 'Choose', {onclick: open_page});

        document.body.prepend(banner);
    }

    /* a signal of the browser is an answer: who sends it is not asked again */

    call().then(async state => {
        if (!answers.includes(state.state) && !state.gpc) {
            show(await call(null, '/config'));
        }
    }).catch(() => {});
})();
