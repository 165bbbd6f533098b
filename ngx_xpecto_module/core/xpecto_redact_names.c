
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The named places of the WhatsApp Cloud API, its webhooks, the On-Premises
 * API and of Twilio, 360dialog, Gupshup, Infobip, Bird, Vonage, WATI, Z-API:
 * what the names of arguments, headers, path segments and JSON members say
 * about their values.
 */


#include <string.h>

#include "xpecto_redact_edit.h"


/* short forms for the tables only */

#define PHONE       XPECTO_CLASS_PHONE
#define ID          XPECTO_CLASS_ID
#define USER        XPECTO_CLASS_USER
#define EMAIL       XPECTO_CLASS_EMAIL
#define IP          XPECTO_CLASS_IP
#define NAME        XPECTO_CLASS_NAME
#define CONTENT     XPECTO_CLASS_CONTENT
#define LOCATION    XPECTO_CLASS_LOCATION
#define MEDIA       XPECTO_CLASS_MEDIA
#define CREDENTIAL  XPECTO_CLASS_CREDENTIAL
#define SAFE        XPECTO_CLASS_NONE

#define Q           XPECTO_NAME_QUERY
#define J           XPECTO_NAME_JSON
#define H           XPECTO_NAME_HEADER
#define P           XPECTO_NAME_PATH
#define LEAF        XPECTO_NAME_LEAF
#define EMBED       XPECTO_NAME_EMBED
#define WITHIN      XPECTO_NAME_WITHIN


typedef struct {
    const char      *name;              /* folded */
    uint8_t          class;
    uint8_t          flags;
} xpecto_name_t;


static xpecto_named_t xpecto_name_found(xpecto_class_e class,
    unsigned flags);


static const xpecto_name_t  xpecto_names_2[] = {
    { "id", ID, WITHIN },
    { "ip", IP, Q },
    { "to", PHONE, Q|J }
};

static const xpecto_name_t  xpecto_names_3[] = {
    { "jid", PHONE, Q|J },
    { "jwt", CREDENTIAL, Q|J },
    { "key", CREDENTIAL, Q },
    { "mid", MEDIA, Q },
    { "msg", CONTENT, Q|J|EMBED },
    { "org", NAME, J },
    { "otp", CREDENTIAL, Q|J },
    { "pin", CREDENTIAL, Q|J },
    { "pwd", CREDENTIAL, Q|J },
    { "sdp", LOCATION, J },
    { "sig", CREDENTIAL, Q|J },
    { "tel", PHONE, Q|J },
    { "url", MEDIA, WITHIN },
    { "zip", LOCATION, Q|J }
};

static const xpecto_name_t  xpecto_names_4[] = {
    { "auth", CREDENTIAL, Q },
    { "body", CONTENT, Q|J|LEAF },
    { "city", LOCATION, Q|J },
    { "code", CREDENTIAL, Q|J|WITHIN },
    { "data", CONTENT, WITHIN },
    { "find", NAME, Q },
    { "from", PHONE, Q|J|H },
    { "hash", CREDENTIAL, Q|J|WITHIN },
    { "link", MEDIA, J },
    { "mail", EMAIL, Q|J },
    { "name", NAME, WITHIN },
    { "pass", CREDENTIAL, Q|J },
    { "text", CONTENT, Q|J|LEAF },
    { "urls", NAME, J },
    { "user", PHONE, Q|J },
    { "waid", PHONE, Q|J }
};

static const xpecto_name_t  xpecto_names_5[] = {
    { "about", NAME, J },
    { "audio", MEDIA, J|LEAF },
    { "email", EMAIL, Q|J },
    { "emoji", CONTENT, J },
    { "image", MEDIA, J|LEAF },
    { "input", PHONE, WITHIN },
    { "label", LOCATION, Q },
    { "phone", PHONE, Q|J },
    { "state", LOCATION, Q },
    { "title", CONTENT, WITHIN },
    { "token", CREDENTIAL, Q|J|H|P },
    { "value", CONTENT, WITHIN },
    { "vcard", NAME, J },
    { "video", MEDIA, J|LEAF },
    { "waids", PHONE, J }
};

static const xpecto_name_t  xpecto_names_6[] = {
    { "apikey", CREDENTIAL, Q|J|H },
    { "backup", CREDENTIAL, J },
    { "button", CONTENT, J|LEAF },
    { "callid", ID, Q|J },
    { "chatid", PHONE, Q|J },
    { "client", IP, H },
    { "custom", CONTENT, J },
    { "emails", EMAIL, J },
    { "footer", CONTENT, J|LEAF },
    { "header", CONTENT, J|LEAF },
    { "mobile", PHONE, Q|J },
    { "msisdn", PHONE, Q|J },
    { "params", CONTENT, Q|J },
    { "passwd", CREDENTIAL, Q|J },
    { "phones", PHONE, Q|J },
    { "secret", CREDENTIAL, Q|J },
    { "sender", PHONE, Q|J|LEAF },
    { "sendto", PHONE, Q|J },
    { "sha256", MEDIA, J },
    { "source", PHONE, Q|WITHIN },
    { "street", LOCATION, Q|J },
    { "userid", USER, Q|J }
};

static const xpecto_name_t  xpecto_names_7[] = {
    { "address", LOCATION, Q|J },
    { "authkey", CREDENTIAL, Q|J },
    { "caption", CONTENT, Q|J },
    { "flowcta", CONTENT, J },
    { "groupid", ID, Q|J },
    { "idtoken", CREDENTIAL, Q|J },
    { "message", CONTENT, Q|J|LEAF|EMBED|WITHIN },
    { "msgbody", CONTENT, Q|J },
    { "newwaid", PHONE, J },
    { "payload", CONTENT, Q|J|LEAF|EMBED },
    { "session", CREDENTIAL, Q|J|LEAF },
    { "sticker", MEDIA, J|LEAF },
    { "subject", CONTENT, J },
    { "subtext", CONTENT, J },
    { "xapikey", CREDENTIAL, Q|J|H },
    { "xrealip", IP, H }
};

static const xpecto_name_t  xpecto_names_8[] = {
    { "birthday", NAME, Q|J },
    { "chatname", NAME, J },
    { "clientip", IP, Q|H },
    { "contacts", PHONE, J|LEAF },
    { "ctwaclid", USER, Q|J },
    { "customer", PHONE, J },
    { "datetime", CONTENT, J },
    { "dialcode", PHONE, Q|J },
    { "document", MEDIA, J|LEAF },
    { "filename", NAME, Q|J },
    { "fullname", NAME, Q|J },
    { "headline", CONTENT, J },
    { "identity", USER, J|LEAF },
    { "imageurl", CONTENT, J },
    { "lastname", NAME, Q|J },
    { "latitude", LOCATION, Q|J },
    { "location", LOCATION, Q|J },
    { "mediaurl", MEDIA, Q|J },
    { "password", CREDENTIAL, Q|J },
    { "pushname", NAME, J },
    { "receiver", PHONE, Q|J|LEAF },
    { "template", CONTENT, Q|LEAF|EMBED },
    { "touserid", USER, Q|J },
    { "username", USER, Q|J },
    { "userwaid", PHONE, Q|J },
    { "videourl", CONTENT, J },
    { "websites", NAME, J }
};

static const xpecto_name_t  xpecto_names_9[] = {
    { "accesskey", CREDENTIAL, Q|J },
    { "addresses", LOCATION, J },
    { "apisecret", CREDENTIAL, Q|J|H },
    { "appsecret", CREDENTIAL, Q|J },
    { "authtoken", CREDENTIAL, Q|J|H },
    { "filtering", NAME, Q },
    { "firstname", NAME, Q|J },
    { "flowtoken", CONTENT, J },
    { "longitude", LOCATION, Q|J },
    { "messageid", ID, Q|J },
    { "recipient", USER, Q|J },
    { "secretkey", CREDENTIAL, Q|J },
    { "sessionid", CREDENTIAL, Q|J },
    { "signature", CREDENTIAL, Q|J|H },
    { "sourceurl", CONTENT, J },
    { "telephone", PHONE, Q|J },
    { "xclientip", IP, H }
};

static const xpecto_name_t  xpecto_names_10[] = {
    { "addcontact", PHONE, P },
    { "amount1000", CONTENT, J },
    { "buttontext", CONTENT, Q|J },
    { "couponcode", CONTENT, J },
    { "d360apikey", CREDENTIAL, Q|J|H },
    { "fromuserid", USER, Q|J },
    { "inputtoken", CREDENTIAL, Q|J },
    { "middlename", NAME, Q|J },
    { "nationalid", NAME, Q|J },
    { "notifyname", NAME, J },
    { "parameters", CONTENT, J|LEAF },
    { "postalcode", LOCATION, Q|J },
    { "privatekey", CREDENTIAL, Q|J },
    { "recipients", PHONE, Q|J|LEAF },
    { "sendername", NAME, J },
    { "xauthtoken", CREDENTIAL, H },
    { "xcsrftoken", CREDENTIAL, H },
    { "xxsrftoken", CREDENTIAL, H }
};

static const xpecto_name_t  xpecto_names_11[] = {
    { "accesstoken", CREDENTIAL, Q|J|H },
    { "addressline", LOCATION, Q|J },
    { "credentials", CREDENTIAL, Q|J },
    { "dateofbirth", NAME, Q|J },
    { "description", CONTENT, J },
    { "destination", PHONE, Q|WITHIN },
    { "displaytext", CONTENT, J },
    { "getmessages", PHONE, P },
    { "messagetext", CONTENT, Q|J },
    { "participant", PHONE, J },
    { "phonenumber", PHONE, Q|J },
    { "profilename", NAME, Q|J },
    { "recipientid", PHONE, Q|J },
    { "verifytoken", CREDENTIAL, Q|J }
};

static const xpecto_name_t  xpecto_names_12[] = {
    { "callbackdata", CONTENT, Q|J },
    { "clientsecret", CREDENTIAL, Q|J },
    { "codeverifier", CREDENTIAL, Q|J },
    { "fallbackfrom", PHONE, Q|J },
    { "mobilenumber", PHONE, Q|J },
    { "parentuserid", USER, Q|J },
    { "participants", PHONE, J|LEAF },
    { "phonenumbers", PHONE, P },
    { "placeholders", CONTENT, J },
    { "referralbody", CONTENT, Q|J },
    { "refreshtoken", CREDENTIAL, Q|J },
    { "responsejson", CONTENT, J },
    { "thumbnailurl", CONTENT, J },
    { "trueclientip", IP, H },
    { "verifiedname", NAME, Q|J },
    { "xaccesstoken", CREDENTIAL, H }
};

static const xpecto_name_t  xpecto_names_13[] = {
    { "authorization", CREDENTIAL, Q|J|H },
    { "buttonpayload", CONTENT, Q|J },
    { "fallbackvalue", CONTENT, J },
    { "formattedname", NAME, Q|J },
    { "xforwardedfor", IP, H },
    { "xhubsignature", CREDENTIAL, H }
};

static const xpecto_name_t  xpecto_names_14[] = {
    { "appsecretproof", CREDENTIAL, Q|J },
    { "cfconnectingip", IP, H },
    { "fastlyclientip", IP, H },
    { "flowactiondata", CONTENT, J },
    { "hubverifytoken", CREDENTIAL, Q|J },
    { "landlinenumber", PHONE, Q|J },
    { "previoususerid", USER, Q|J },
    { "profilepicture", MEDIA, J },
    { "sipcredentials", CREDENTIAL, J },
    { "toparentuserid", USER, Q|J },
    { "welcomemessage", CONTENT, J },
    { "whatsappnumber", PHONE, Q|J }
};

static const xpecto_name_t  xpecto_names_15[] = {
    { "clientassertion", CREDENTIAL, Q|J },
    { "fbexchangetoken", CREDENTIAL, Q|J },
    { "identifiervalue", PHONE, J },
    { "identitykeyhash", USER, Q|J },
    { "recipientuserid", USER, Q|J },
    { "sendsessionfile", PHONE, P },
    { "verificationsid", NAME, Q|J }
};

static const xpecto_name_t  xpecto_names_16[] = {
    { "contentvariables", CONTENT, Q|J|EMBED },
    { "fromparentuserid", USER, Q|J },
    { "persistentaction", LOCATION, Q|J },
    { "referralheadline", CONTENT, Q|J },
    { "referralmediaurl", CONTENT, Q|J },
    { "xclusterclientip", IP, H },
    { "xhubsignature256", CREDENTIAL, H },
    { "xtwiliosignature", CREDENTIAL, H }
};

static const xpecto_name_t  xpecto_names_17[] = {
    { "encryptedcontents", CONTENT, Q|J },
    { "localizableparams", CONTENT, J },
    { "originalmessageid", ID, Q|J },
    { "platformreference", ID, J },
    { "referralsourceurl", CONTENT, Q|J },
    { "xamzsecuritytoken", CREDENTIAL, H }
};

static const xpecto_name_t  xpecto_names_18[] = {
    { "displayphonenumber", PHONE, Q|J },
    { "proxyauthorization", CREDENTIAL, H },
    { "sendsessionmessage", PHONE, P }
};

static const xpecto_name_t  xpecto_names_19[] = {
    { "customercaredetails", NAME, J }
};

static const xpecto_name_t  xpecto_names_20[] = {
    { "messagetemplatetitle", CONTENT, J }
};

static const xpecto_name_t  xpecto_names_21[] = {
    { "bizopaquecallbackdata", CONTENT, Q|J },
    { "messagetemplatefooter", CONTENT, J },
    { "parentrecipientuserid", USER, Q|J },
    { "recipientparentuserid", USER, Q|J },
    { "xoriginalforwardedfor", IP, H }
};

static const xpecto_name_t  xpecto_names_22[] = {
    { "messagetemplateelement", CONTENT, J },
    { "recipientparticipantid", PHONE, Q|J }
};

static const xpecto_name_t  xpecto_names_23[] = {
    { "grievanceofficerdetails", NAME, J },
    { "updatecontactattributes", PHONE, P }
};

static const xpecto_name_t  xpecto_names_24[] = {
    { "recipientidentitykeyhash", USER, Q|J }
};

static const xpecto_name_t  xpecto_names_26[] = {
    { "recipientparticipantuserid", USER, Q|J }
};

static const xpecto_name_t  xpecto_names_32[] = {
    { "messagetemplatebuttonphonenumber", PHONE, J },
    { "recipientparticipantparentuserid", USER, Q|J }
};

#define XPECTO_NAMES(n)  { n, sizeof(n) / sizeof(xpecto_name_t) }


/* by the length of the name: a look-up compares with few */

static const struct {
    const xpecto_name_t  *names;
    size_t                n;
} xpecto_names[XPECTO_REDACT_NAME_MAX + 1] = {
    [2] = XPECTO_NAMES(xpecto_names_2),
    [3] = XPECTO_NAMES(xpecto_names_3),
    [4] = XPECTO_NAMES(xpecto_names_4),
    [5] = XPECTO_NAMES(xpecto_names_5),
    [6] = XPECTO_NAMES(xpecto_names_6),
    [7] = XPECTO_NAMES(xpecto_names_7),
    [8] = XPECTO_NAMES(xpecto_names_8),
    [9] = XPECTO_NAMES(xpecto_names_9),
    [10] = XPECTO_NAMES(xpecto_names_10),
    [11] = XPECTO_NAMES(xpecto_names_11),
    [12] = XPECTO_NAMES(xpecto_names_12),
    [13] = XPECTO_NAMES(xpecto_names_13),
    [14] = XPECTO_NAMES(xpecto_names_14),
    [15] = XPECTO_NAMES(xpecto_names_15),
    [16] = XPECTO_NAMES(xpecto_names_16),
    [17] = XPECTO_NAMES(xpecto_names_17),
    [18] = XPECTO_NAMES(xpecto_names_18),
    [19] = XPECTO_NAMES(xpecto_names_19),
    [20] = XPECTO_NAMES(xpecto_names_20),
    [21] = XPECTO_NAMES(xpecto_names_21),
    [22] = XPECTO_NAMES(xpecto_names_22),
    [23] = XPECTO_NAMES(xpecto_names_23),
    [24] = XPECTO_NAMES(xpecto_names_24),
    [26] = XPECTO_NAMES(xpecto_names_26),
    [32] = XPECTO_NAMES(xpecto_names_32)
};


xpecto_named_t
xpecto_name_find(const xpecto_redact_t *rd, const uint8_t *name, size_t len,
    unsigned where, const uint8_t *parent, size_t plen)
{
    size_t                i;
    xpecto_named_t        named;
    const xpecto_name_t  *nm;

    for (i = 0; i < rd->nnames; i++) {
        if (rd->names[i].name.len == len
            && memcmp(rd->names[i].name.data, name, len) == 0)
        {
            return xpecto_name_found(rd->names[i].class, EMBED);
        }
    }

    if (len == 0 || len > XPECTO_REDACT_NAME_MAX) {
        return xpecto_name_found(SAFE, 0);
    }

    nm = xpecto_names[len].names;

    for (i = 0; i < xpecto_names[len].n; i++, nm++) {

        if ((uint8_t) nm->name[0] != name[0]
            || memcmp(nm->name, name, len) != 0)
        {
            continue;
        }

        if ((nm->flags & WITHIN) && where == J
            && xpecto_name_within(&named, name, len, parent, plen)
               == XPECTO_OK)
        {
            return named;
        }

        if (nm->flags & where) {
            return xpecto_name_found((xpecto_class_e) nm->class, nm->flags);
        }

        break;
    }

    return xpecto_name_found(SAFE, 0);
}


static xpecto_named_t
xpecto_name_found(xpecto_class_e class, unsigned flags)
{
    xpecto_named_t  named;

    named.class = class;
    named.flags = flags;

    return named;
}
