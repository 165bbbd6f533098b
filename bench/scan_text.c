
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * Texts that look like those of a WhatsApp platform.  Log: the combined
 * format, of static files, API calls and webhooks; one line in five holds a
 * phone number, in the path, the query or the referer, one in seven a token,
 * one in thirty a message id.  JSON: webhooks of the Cloud API, incoming
 * messages and statuses.
 */


#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "scan.h"


#define SCAN_LINE  4096

#define scan_pick(list)  (list[scan_random(sizeof(list) / sizeof(list[0]))])


static unsigned scan_random(unsigned n);
static void scan_fill(scan_text_t *text, size_t len, int (*line)(char *));
static int scan_log_line(char *line);
static int scan_target(char *out);
static int scan_json_document(char *out);
static int scan_status(char *out);
static const char *scan_phone(void);
static const char *scan_text_of(const char *alphabet, unsigned len);


static uint64_t     scan_seed;

static const char   scan_hex[] = "0123456789abcdef";
static const char   scan_digits[] = "0123456789";
static const char   scan_base[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
                                  "nopqrstuvwxyz0123456789";

static const char *const  scan_agents[] = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 "
    "Firefox/132.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 "
    "Safari/604.1",
    "facebookexternalua",
    "WhatsApp-BSP-Client/2.14 (linux)",
    "python-requests/2.32.3",
    "curl/8.10.1"
};

static const char *const  scan_referers[] = {
    "-", "-", "https://app.example.com/inbox?folder=open&page=3",
    "https://app.example.com/contacts", "https://www.example.com/",
    "https://app.example.com/reports/2026-11-22?from=2026-10-01"
};

static const char *const  scan_codes[] = {
    "1650555", "9198765", "4479111", "5511961", "4915123", "5215512",
    "6281234"
};


void
scan_text_log(scan_text_t *text, size_t len)
{
    scan_seed = 1;
    scan_fill(text, len, scan_log_line);
}


void
scan_text_json(scan_text_t *text, size_t len)
{
    scan_seed = 2;
    scan_fill(text, len, scan_json_document);
}


static void
scan_fill(scan_text_t *text, size_t len, int (*line)(char *))
{
    int     n;
    size_t  used, room;

    text->data = malloc(len + SCAN_LINE);
    text->begin = NULL;
    text->n = 0;
    text->phones = 0;

    used = 0;
    room = 0;

    while (text->data != NULL && used < len) {

        if (text->n + 1 >= room) {
            room = room * 2 + 1024;
            text->begin = realloc(text->begin, room * sizeof(size_t));

            if (text->begin == NULL) {
                break;
            }
        }

        n = line((char *) text->data + used);
        text->phones += (n < 0);

        text->begin[text->n++] = used;
        used += (size_t) abs(n);
        text->begin[text->n] = used;
    }

    if (used < len) {
        fprintf(stderr, "scan: no memory\n");
        exit(1);
    }
}


/* the length; negative: there is a phone number in it */

static int
scan_log_line(char *line)
{
    int          n, phone;
    char         target[SCAN_LINE], referer[256];
    unsigned     second;
    const char  *method;

    static const char *const  methods[] = { "GET", "GET", "GET", "POST" };
    static const unsigned     statuses[] = { 200, 200, 200, 304, 404, 201 };

    phone = scan_target(target);
    second = scan_random(86400);
    method = scan_pick(methods);

    (void) snprintf(referer, sizeof(referer), "%s",
                    scan_pick(scan_referers));

    if (scan_random(20) == 0) {
        (void) snprintf(referer, sizeof(referer),
                        "https://app.example.com/contacts/%s", scan_phone());
        phone = 1;
    }

    n = sprintf(line, "%u.%u.%u.%u - - [22/Nov/2026:%02u:%02u:%02u +0000] "
                "\"%s %s HTTP/1.1\" %u %u \"%s\" \"%s\"\n",
                scan_random(223) + 1, scan_random(256), scan_random(256),
                scan_random(256), second / 3600, second / 60 % 60,
                second % 60, method, target, scan_pick(statuses),
                scan_random(60000), referer, scan_pick(scan_agents));

    return phone ? -n : n;
}


/* 1: with a phone number */

static int
scan_target(char *out)
{
    switch (scan_random(20)) {

    case 0:
        sprintf(out, "/v1/contacts/%s/messages?limit=50", scan_phone());
        return 1;

    case 1:
        sprintf(out, "/v1/messages?to=%%2B%s&limit=20", scan_phone());
        return 1;

    case 2:
        sprintf(out, "/v1/messages?page=%u&wa_id=%s&sort=-created_at",
                scan_random(40), scan_phone());
        return 1;

    case 3:
    case 4:
        sprintf(out, "/v19.0/1065403522%s/messages?access_token=EAAN%s",
                scan_text_of(scan_digits, 5), scan_text_of(scan_base, 80));
        return 0;

    case 5:
        sprintf(out, "/v19.0/wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQ%s%%3D",
                scan_text_of(scan_base, 27));
        return 0;

    case 6:
    case 7:
        sprintf(out, "/api/conversations/%.8s-%.4s-4%.3s-a%.3s-%s",
                scan_text_of(scan_hex, 8), scan_text_of(scan_hex, 4),
                scan_text_of(scan_hex, 3), scan_text_of(scan_hex, 3),
                scan_text_of(scan_hex, 12));
        return 0;

    case 8:
        sprintf(out, "/api/events?since=17638%s&until=17639%s123&"
                "tz=Asia%%2FKolkata", scan_text_of(scan_digits, 5),
                scan_text_of(scan_digits, 5));
        return 0;

    case 9:
    case 10:
        sprintf(out, "/v19.0/2065403522%s/messages",
                scan_text_of(scan_digits, 5));
        return 0;

    case 11:
        sprintf(out, "/search?q=order%%20status%%20for%%20%s",
                scan_text_of(scan_digits, 6));
        return 0;

    case 12:
        sprintf(out, "/webhooks/whatsapp");
        return 0;

    default:
        sprintf(out, "/static/%s/app.%s.js?v=%u.%u.%u",
                scan_random(2) ? "js" : "assets/2026/11",
                scan_text_of(scan_hex, 16), scan_random(10),
                scan_random(30), scan_random(10));
        return 0;
    }
}


static int
scan_json_document(char *out)
{
    int          n;
    char         phone[32], name[32];

    static const char *const  names[] = {
        "Priya Sharma", "Jo\\u00e3o Silva", "Anna Schmidt", "Sam O'Neill"
    };
    static const char *const  bodies[] = {
        "Hi, when does my order 48213 arrive? I ordered it on Monday.",
        "Thanks! \\ud83d\\ude4f",
        "Can you call me back at five? I will be at the office until then, "
        "after that please write to my colleague.",
        "Yes"
    };

    if (scan_random(2)) {
        return scan_status(out);
    }

    (void) snprintf(phone, sizeof(phone), "%s", scan_phone());
    (void) snprintf(name, sizeof(name), "%s", scan_pick(names));

    n = sprintf(out, "{\"object\":\"whatsapp_business_account\",\"entry\":["
                "{\"id\":\"1029384756%s\",\"changes\":[{\"value\":{"
                "\"messaging_product\":\"whatsapp\",\"metadata\":{"
                "\"display_phone_number\":\"15550783881\","
                "\"phone_number_id\":\"106540352242922\"},\"contacts\":[{"
                "\"profile\":{\"name\":\"%s\"},\"wa_id\":\"%s\"}],"
                "\"messages\":[{\"from\":\"%s\",\"id\":\"wamid.HBgLMTY1MD"
                "U1NTEyMzQVAgASGBQ%s=\",\"timestamp\":\"17638%s\",",
                scan_text_of(scan_digits, 5), name, phone, phone,
                scan_text_of(scan_base, 27), scan_text_of(scan_digits, 5));

    n += sprintf(out + n, "\"text\":{\"body\":\"%s\"},\"type\":\"text\"}]},"
                 "\"field\":\"messages\"}]}]}\n", scan_pick(bodies));

    return -n;
}


static int
scan_status(char *out)
{
    int  n;

    static const char *const  kinds[] = { "sent", "delivered", "read" };

    n = sprintf(out, "{\"object\":\"whatsapp_business_account\",\"entry\":["
                "{\"id\":\"1029384756%s\",\"changes\":[{\"value\":{"
                "\"messaging_product\":\"whatsapp\",\"metadata\":{"
                "\"display_phone_number\":\"15550783881\","
                "\"phone_number_id\":\"106540352242922\"},\"statuses\":[{"
                "\"id\":\"wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI%s=\","
                "\"status\":\"%s\",\"timestamp\":\"17638%s\",",
                scan_text_of(scan_digits, 5), scan_text_of(scan_base, 27),
                scan_pick(kinds), scan_text_of(scan_digits, 5));

    n += sprintf(out + n, "\"recipient_id\":\"%s\",\"conversation\":{"
                 "\"id\":\"%s\",\"expiration_timestamp\":\"17639%s\","
                 "\"origin\":{\"type\":\"service\"}},\"pricing\":{"
                 "\"billable\":true,\"pricing_model\":\"CBP\","
                 "\"category\":\"service\"}}]},\"field\":\"messages\"}]}]}\n",
                 scan_phone(), scan_text_of(scan_hex, 32),
                 scan_text_of(scan_digits, 5));

    return -n;
}


static const char *
scan_phone(void)
{
    static char  phone[32];
    const char  *code;

    code = scan_pick(scan_codes);

    (void) snprintf(phone, sizeof(phone), "%s%s", code,
                    scan_text_of(scan_digits, (code[0] == '1') ? 4 : 5));

    if (code[1] == '2') {
        (void) snprintf(phone, sizeof(phone), "%s%s", code,
                        scan_text_of(scan_digits, 6));
    }

    return phone;
}


static const char *
scan_text_of(const char *alphabet, unsigned len)
{
    char            *p;
    unsigned         i, n;
    static char      rooms[8][128];
    static unsigned  room;

    p = rooms[room++ % 8];

    for (n = 0; alphabet[n]; n++) { /* void */ }

    for (i = 0; i < len; i++) {
        p[i] = alphabet[scan_random(n)];
    }

    p[len] = '\0';

    return p;
}


static unsigned
scan_random(unsigned n)
{
    scan_seed = scan_seed * 6364136223846793005ull + 1442695040888963407ull;

    return (unsigned) (scan_seed >> 33) % n;
}
