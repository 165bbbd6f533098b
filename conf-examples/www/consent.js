/*
 * A banner for those who have not chosen yet, over the API of
 * xpecto_consent_api.  Without a script, and for each purpose apart, there is
 * the page of the same path.
 *
 *   <script src="/consent.js" data-api="/.xpecto/consent" defer></script>
 *
 * After each choice the document gets an event "consent", whose detail is the
 * state, and gtag(), if there is one, an update of its consent mode.
 */

'use strict';

(() => {
    const api = document.currentScript.dataset.api || '/.xpecto/consent';

    async function call(choice) {
        const answer = await fetch(api, {
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

    function show() {
        const banner = document.createElement('section');

        banner.className = 'consent';
        banner.setAttribute('aria-label', 'Privacy choices');

        const text = add(banner, 'p', 'May we use more than what this site '
            + 'cannot work without? You can change your mind at any time.',
            {role: 'status'});
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

    call().then(state => {
        if (state.state !== 'valid' && !state.gpc) {
            show();
        }
    }).catch(() => {});
})();
