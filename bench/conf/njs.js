import crypto from 'crypto';

const number = /(?:%2B|\+)?\d[\d\-. ]{6,16}\d/g;
const key = '0123456789abcdef0123456789abcdef';

function redact(text) {
    return text ? text.replace(number, '[phone]') : '-';
}

function request(r) {
    return redact(r.variables.request);
}

function referer(r) {
    return redact(r.headersIn['Referer']);
}

function analytics(r) {
    const cookie = r.variables.cookie_consent;
    const dot = cookie ? cookie.lastIndexOf('.') : -1;

    if (dot < 0) {
        return '0';
    }

    const mac = crypto.createHmac('sha256', key).update(cookie.slice(0, dot))
                      .digest('base64url');

    return mac === cookie.slice(dot + 1) ? '1' : '0';
}

export default { request, referer, analytics };
