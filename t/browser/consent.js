/*
 * The page and the banner as people see and use them.
 *
 * usage: node consent.js BROWSER URL LOG
 *
 * URL is an nginx with conf-examples/consent-mode.conf, and at the next port
 * one that asks for the age; LOG is what its application has seen.  Speaks
 * TAP; screenshots go to build/browser.
 */

'use strict';

const fs = require('fs');
const path = require('path');

const build = path.join(__dirname, '../../build/browser');
const {chromium} = require(path.join(build, 'node_modules/playwright-core'));

const [browser_path, url, log] = process.argv.slice(2);
const api = `${url}/.xpecto/consent`;
const aged = url.replace(/\d+$/, port => Number(port) + 1);
const names = ['accept', 'reject', 'save'];

let browser, checks = 0, failed = 0;


function ok(is, name, seen) {
    checks++;

    if (!is) {
        failed++;
    }

    console.log(`${is ? 'ok' : 'not ok'} ${checks} - ${name}`);

    if (!is && seen !== undefined) {
        console.log('# ' + JSON.stringify(seen));
    }
}


function same(seen, expected, name) {
    ok(JSON.stringify(seen) === JSON.stringify(expected), name, seen);
}


/* a visitor of his own, whose page must not complain but of what is said */

async function visit(name, options, run, expected = []) {
    const context = await browser.newContext({
        ignoreHTTPSErrors: true, viewport: {width: 1280, height: 800},
        ...options
    });
    const page = await context.newPage();
    const complaints = [], foreign = [];

    page.on('console', m => {
        if (m.type() === 'error' || m.type() === 'warning') {
            complaints.push(m.text());
        }
    });
    page.on('pageerror', e => complaints.push(String(e)));
    page.on('request', r => {
        if (!r.url().startsWith(url) && !r.url().startsWith(aged) && !r.url().startsWith('data:')) {
            foreign.push(r.url());
        }
    });

    page.setDefaultTimeout(15000);

    try {
        await run(page, context);
        same([complaints, foreign], [expected, []],
             `${name}: nothing to complain of, nothing from elsewhere`);

    } catch (e) {
        ok(false, `${name}: ${String(e).split('\n')[0]}`);
    }

    await context.close();
}


/* how buttons look: no one is larger, brighter or heavier than another */

function looks(locator) {
    return locator.evaluateAll(list => list.map(e => {
        const box = e.getBoundingClientRect(), css = getComputedStyle(e);

        return [Math.round(box.width), Math.round(box.height), css.color,
                css.backgroundColor, css.borderColor, css.borderWidth,
                css.fontSize, css.fontWeight, css.opacity, css.textDecoration,
                css.visibility, css.boxShadow].join(' ');
    }));
}


/* contrast of an element with what is behind it, by WCAG 2 */

function contrast(locator) {
    return locator.evaluate(e => {
        const light = text => {
            const [r, g, b] = text.match(/[\d.]+/g).map(Number).map(v => {
                v /= 255;
                return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
            });

            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const fore = light(getComputedStyle(e).color);

        while (e && /, 0\)|transparent/.test(getComputedStyle(e)
                                             .backgroundColor))
        {
            e = e.parentElement;
        }

        const back = e ? light(getComputedStyle(e).backgroundColor)
                       : matchMedia('(prefers-color-scheme:dark)').matches
                         ? 0 : 1;

        return (Math.max(fore, back) + 0.05) / (Math.min(fore, back) + 0.05);
    });
}


/* what sends a form, and the page that it leads to */

async function leave(page, run) {
    await Promise.all([page.waitForNavigation(), run()]);
}


async function shot(page, name, options) {
    await page.screenshot({path: path.join(build, `${name}.png`), ...options});
}


/* what the application saw of the tracker since the last time */

let read = 0;

function tracked() {
    const lines = fs.readFileSync(log, 'latin1').split('\n').slice(0, -1);
    const seen = lines.slice(read).map(l => !l.endsWith('_ga=-'));

    read = lines.length;

    return seen.includes(true);
}


async function jar(context) {
    const cookies = await context.cookies(url);

    return cookies.map(c => c.name).sort().join(' ');
}


async function granted(context, from = api) {
    const answer = await context.request.get(from);
    const state = await answer.json();

    return Object.keys(state.purposes).filter(p =>
        state.purposes[p].granted && !/^(necessary|security)$/.test(p));
}


/* two visits of a page of the application: it sets its tracker, and sees it */

async function browse(page) {
    tracked();
    await page.goto(url);
    await page.goto(url);

    return tracked();
}


async function screens() {
    for (const width of [360, 1280]) {
        for (const colorScheme of ['light', 'dark']) {
            const name = `${width} ${colorScheme}`;
            const options = {viewport: {width, height: 800}, colorScheme};

            await visit(`page ${name}`, options, page => look(page, name));
            await visit(`banner ${name}`, options, async page => {
                await page.goto(url);

                const buttons = page.locator('.consent button');

                await buttons.first().waitFor();

                const styles = await looks(buttons);

                same([styles.length, new Set(styles).size], [3, 1],
                     `banner ${name}: three buttons of one look`);
                ok(await contrast(buttons.first()) >= 4.5
                   && await contrast(page.locator('.consent p')) >= 4.5,
                   `banner ${name}: easy to read`);
                ok(await page.evaluate(() => document.documentElement
                       .scrollWidth <= innerWidth),
                   `banner ${name}: nothing sticks out`);
                await shot(page, `banner-${width}-${colorScheme}`);
            });
        }
    }
}


async function look(page, name) {
    const answer = await page.goto(`${api}?return=/`);

    ok((await answer.body()).length <= 6144 && answer.status() === 200,
       `page ${name}: at most 6 KB`);

    const styles = await looks(page.locator('.row button'));

    same([styles.length, new Set(styles).size], [3, 1],
         `page ${name}: three buttons of one look`);
    same(await page.locator('input:checked').count(), 0,
         `page ${name}: nothing is ticked`);

    const boxes = await page.locator('.row button').evaluateAll(list =>
        list.map(e => e.getBoundingClientRect()).every(b =>
            b.top >= 0 && b.bottom <= innerHeight && b.height >= 44));

    ok(boxes, `page ${name}: the buttons are in sight, and large enough`);
    ok(await page.evaluate(() => document.documentElement.scrollWidth
                                 <= innerWidth),
       `page ${name}: nothing sticks out`);

    for (const what of ['.row button >> nth=0', 'main > p >> nth=0',
                        'small >> nth=0', 'a'])
    {
        const n = await contrast(page.locator(what).first());

        ok(n >= 4.5, `page ${name}: ${what.split(' ')[0]} is easy to read`, n);
    }

    await shot(page, 'page-' + name.replace(' ', '-'));
}


/* the same in both ways: without a script, and by the banner */

async function flows() {
    await visit('no script', {javaScriptEnabled: false},
                async (page, context) => {
        const press = async name => {
            await page.goto(`${api}?return=/privacy.html`);
            await page.locator(`button[form=${name}]`).click();
            await page.waitForURL(`${url}/privacy.html`);
        };

        same([await browse(page), await jar(context)], [false, ''],
             'no script: without a choice no tracker flows');

        await press('accept');
        same([await browse(page), await jar(context)],
             [true, '__Host-Http-xpc _ga'],
             'no script: accepted, the tracker flows');
        await page.goto(api);
        same([await page.locator('input:checked').count(),
              await page.locator('input[type=checkbox]').count()], [13, 13],
             'no script: the page shows what was accepted');
        await page.setViewportSize({width: 360, height: 800});
        await shot(page, 'page-accepted', {fullPage: true});

        await leave(page, () => page.getByText('Withdraw my consent').click());
        same(await jar(context), '__Host-Http-xpc',
             'no script: withdrawn, the tracker is gone from the browser');
        same([await browse(page), await jar(context)],
             [false, '__Host-Http-xpc'],
             'no script: withdrawn, no tracker flows');
        await page.goto(api);
        same([await page.locator('input:checked').count(),
              await page.getByText('Withdraw my consent').count()], [0, 0],
             'no script: nothing is left to be withdrawn');

        await press('reject');
        same(await granted(context), [], 'no script: rejected');
    });

    await visit('banner', {}, async (page, context) => {
        const said = () => page.evaluate(() =>
            dataLayer.filter(a => a[0] === 'consent')
                .map(a => `${a[1]} ${a[2].analytics_storage}`));
        const banner = page.locator('.consent');

        const head = (await page.goto(url)).headers();

        await banner.waitFor();
        ok(head['cache-control'] === 'private, no-store'
           && head['content-security-policy'].includes(
               `'nonce-${await page.evaluate(() => document.scripts[0].nonce)}'`),
           'consent mode: of this visitor alone, by the nonce of its policy',
           head);
        ok(/ for extra functions, .*statistics, advertising, sale or sharing/
           .test(await banner.locator('p').textContent())
           && await banner.getByText('Privacy policy').isVisible(),
           'banner: says what is asked for, and leads to the policy');
        same(await page.evaluate(() => document.scripts[0].nonce.length), 32,
             'consent mode: its script is the first, with a nonce');
        same(await said(), ['default denied'], 'consent mode: denied');

        await banner.getByText('Accept all').click();
        await banner.waitFor({state: 'detached'});
        same(await said(), ['default denied', 'update granted'],
             'banner: accepted, consent mode is told');
        same([await browse(page), await jar(context)],
             [true, '__Host-Http-xpc _ga'], 'banner: the tracker flows');
        same([await said(), await banner.count()], [['default granted'], 0],
             'consent mode: granted, and nobody is asked again');
        same(await page.evaluate(() => document.cookie.includes('xpc')), false,
             'banner: no script can read the choice');

        await page.getByText('Privacy choices').click();
        await page.getByText('Reject all').click();
        await page.waitForURL(`${url}/`);
        same([await browse(page), await jar(context), await said()],
             [false, '__Host-Http-xpc', ['default denied']],
             'page: rejected, no tracker flows');
    });

    await visit('banner, rejected', {}, async (page, context) => {
        await page.goto(url);
        await page.locator('.consent').getByText('Reject all').click();
        await page.locator('.consent').waitFor({state: 'detached'});
        same([await browse(page), await jar(context), await granted(context)],
             [false, '__Host-Http-xpc', []],
             'banner: rejected, no tracker flows');
        same(await page.locator('.consent').count(), 0,
             'banner: who rejected is not asked again');
    });

    await visit('restricted', {}, async (page, context) => {
        await page.goto(url);
        await page.locator('.consent').getByText('Accept all').click();
        await page.locator('.consent').waitFor({state: 'detached'});
        await page.evaluate(api => fetch(api, {
            method: 'POST', headers: {'Content-Type': 'application/json'},
            body: '{"restrict":true}'
        }), api);
        same([await browse(page), await granted(context)], [false, []],
             'restricted: no tracker flows');
        await page.waitForLoadState('networkidle');
        same(await page.locator('.consent').count(), 0,
             'restricted: nobody is asked again');
    });

    await visit('signal', {extraHTTPHeaders: {'Sec-GPC': '1'}},
                async (page, context) => {
        await page.goto(url);
        await page.waitForLoadState('networkidle');
        same(await page.locator('.consent').count(), 0,
             'signal: who sends it is not asked');

        await page.goto(api);
        ok(await page.getByText('opt-out request honored').isVisible(),
           'signal: the page says that it is heard');
        await leave(page, () => page.locator('button[form=accept]').click());
        ok(!(await granted(context)).includes('ad_storage'),
           'signal: stronger than "accept all"');
        same(await page.locator('em').count(), 4,
             'signal: the page says what it refuses');
        await shot(page, 'page-signal');
    });
}


async function ages() {
    const screen = `${aged}/.xpecto/consent`;
    const says = async (page, year) => {
        await page.getByLabel('Month').fill('1');
        await page.getByLabel('Year').fill(String(year));
        await leave(page, () => page.getByText('Continue').click());
    };
    const now = new Date().getFullYear();

    await visit('gate', {viewport: {width: 360, height: 800}},
                async page => {
        await page.goto(`${api}?for=analytics&return=%2Fprivacy.html`);
        ok(await page.getByText('is closed without: Statistics').isVisible(),
           'gate: the page says what is needed');
        await shot(page, 'page-needed');
    });

    await visit('error', {viewport: {width: 360, height: 800}},
                async page => {
        await page.goto(`${api}/ui`);
        await page.locator('input[type=checkbox]').first()
                  .evaluate(e => { e.name = 'p.tracking'; e.checked = true; });
        await page.locator('button[form=save]').click();
        ok(await page.getByRole('heading', {name: 'Nothing was changed'})
                     .isVisible(),
           'error: is said on a page');
        await shot(page, 'page-error');
        await page.getByText('Back to the choices').click();
        await page.waitForURL(api);
    }, ['Failed to load resource: the server responded with a status of 422 '
        + '(Unprocessable Content)']);

    await visit('age', {javaScriptEnabled: false,
                        viewport: {width: 360, height: 800}},
                async (page, context) => {
        await page.goto(`${screen}?return=/privacy.html`);
        same([await page.getByLabel('Year').inputValue(),
              await page.locator('input[type=checkbox]').count()], ['', 0],
             'age: asked first, with nothing filled in');

        const styles = await looks(page.locator('.row button'));

        same([styles.length, new Set(styles).size], [2, 1],
             'age: to go on and to reject look the same');
        await shot(page, 'page-age');

        await page.getByText('Reject all').click();
        await page.waitForURL(`${aged}/privacy.html`);
        same([await jar(context), await granted(context, screen)],
             ['__Host-Http-xpc', []], 'age: nobody has to say it to reject');

        await page.goto(`${screen}?return=/privacy.html`);
        await says(page, now - 40);
        same(await page.locator('input[type=checkbox]').count(), 13,
             'age: then the choice');
        await page.locator('button[form=accept]').click();
        await page.waitForURL(`${aged}/privacy.html`);
        same((await granted(context, screen)).length, 13,
             'age: who is old enough may accept, and is led back');
    });

    await visit('child', {}, async (page, context) => {
        await page.goto(aged);
        await page.locator('.consent').getByText('Accept all').click();
        await page.waitForURL(`${screen}?return=%2F`);
        await says(page, now - 10);
        same([await page.locator('button').count(),
              await page.getByText('below the age of consent').count()],
             [0, 1], 'child: cannot consent, by the banner nor by the page');
        same(await granted(context, screen), [], 'child: nothing is granted');
        await page.goto(aged);
        await page.waitForLoadState('networkidle');
        same(await page.locator('.consent').count(), 0,
             'child: is not asked again');
        await page.goBack();
        await shot(page, 'page-child');
    }, ['Failed to load resource: the server responded with a status of 403 '
        + '(Forbidden)']);
}


async function keyboard() {
    await visit('keyboard', {viewport: {width: 360, height: 640}},
                async (page, context) => {
        const focus = () => page.evaluate(() => {
            const e = document.activeElement, box = e.getBoundingClientRect();
            const at = document.elementFromPoint(box.left + box.width / 2,
                                                 box.top + box.height / 2);

            return [e.name || e.href || e.tagName, e.getAttribute('form'),
                    getComputedStyle(e).outlineStyle, e === at];
        });

        await page.goto(`${api}?return=/`);

        const seen = [];

        for (let i = 0; i < 17; i++) {
            await page.keyboard.press('Tab');

            const [name, form, outline, visible] = await focus();

            seen.push(form || name);

            if (name === 'p.analytics') {
                await page.keyboard.press('Space');
                await shot(page, 'page-keyboard');
            }

            if (outline !== 'solid' || !visible) {
                ok(false, `keyboard: ${name} has the focus and shows it`);
            }
        }

        same([seen[0], seen[1], seen.slice(14)],
             [`${url}/privacy.html`, 'p.functional', names],
             'keyboard: Tab goes through links, boxes and buttons in order');

        await page.keyboard.press('Enter');
        await page.waitForURL(`${url}/`);
        same(await granted(context), ['analytics'],
             'keyboard: Space and Enter save what was ticked');

        await page.goto(api);
        await page.locator('input[name="p.preferences"]').focus();
        await page.keyboard.press('Space');
        await leave(page, () => page.keyboard.press('Enter'));
        same(await granted(context), ['preferences', 'analytics'],
             'keyboard: Enter in a box saves, and does not accept all');
    });
}


async function main() {
    browser = await chromium.launch({
        executablePath: browser_path, args: ['--no-sandbox']
    });

    await screens();
    await flows();
    await ages();
    await keyboard();

    await browser.close();

    console.log(`1..${checks}`);
    process.exitCode = failed ? 1 : 0;
}


main().catch(e => {
    console.log('Bail out! ' + String(e).split('\n')[0]);
    process.exit(1);
});
