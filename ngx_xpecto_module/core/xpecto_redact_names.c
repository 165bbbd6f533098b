
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


/*
 * The named places of the WhatsApp Cloud API, its webhooks, the On-Premises
 * API and of Twilio, 360dialog, Gupshup, Infobip, Bird, Vonage, WATI, Z-API:
 * what the names of arguments, headers, path segments and JSON members say
 * about their values.  Rows are { name, class, where, parent }, names folded;
 * of a name's rows those with a parent come first, they are of members of an
 * object of that name alone.
 */


#include "xpecto_redact_names.h"


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


static const xpecto_name_t  xpecto_names_2[] = {
    { "to", PHONE, Q|J, NULL },
    { "ip", IP, Q, NULL },
    { "id", MEDIA, J, "audio" },
    { "id", CONTENT, J, "buttonreply" },
    { "id", ID, J, "calls" },
    { "id", ID, J, "context" },
    { "id", MEDIA, J, "document" },
    { "id", MEDIA, J, "image" },
    { "id", CONTENT, J, "listreply" },
    { "id", ID, J, "message" },
    { "id", ID, J, "messageechoes" },
    { "id", ID, J, "messages" },
    { "id", CONTENT, J, "reply" },
    { "id", CONTENT, J, "rows" },
    { "id", ID, J, "statuses" },
    { "id", MEDIA, J, "sticker" },
    { "id", PHONE, J, "threads" },
    { "id", MEDIA, J, "video" }
};

static const xpecto_name_t  xpecto_names_3[] = {
    { "jid", PHONE, Q|J, NULL },
    { "jwt", CREDENTIAL, Q|J, NULL },
    { "key", CREDENTIAL, Q, NULL },
    { "mid", MEDIA, Q, NULL },
    { "msg", CONTENT, Q|J|EMBED, NULL },
    { "org", NAME, J, NULL },
    { "otp", CREDENTIAL, Q|J, NULL },
    { "pin", CREDENTIAL, Q|J, NULL },
    { "pwd", CREDENTIAL, Q|J, NULL },
    { "sdp", LOCATION, J, NULL },
    { "sig", CREDENTIAL, Q|J, NULL },
    { "tel", PHONE, Q|J, NULL },
    { "url", MEDIA, J, "audio" },
    { "url", MEDIA, J, "document" },
    { "url", MEDIA, J, "image" },
    { "url", MEDIA, J, "message" },
    { "url", CONTENT, J, "parameters" },
    { "url", MEDIA, J, "sticker" },
    { "url", MEDIA, J, "video" },
    { "zip", LOCATION, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_4[] = {
    { "auth", CREDENTIAL, Q, NULL },
    { "body", CONTENT, Q|J|LEAF, NULL },
    { "city", LOCATION, Q|J, NULL },
    { "code", SAFE, J, "currency" },
    { "code", SAFE, J, "error" },
    { "code", SAFE, J, "errors" },
    { "code", SAFE, J, "language" },
    { "code", CREDENTIAL, Q|J, NULL },
    { "data", CONTENT, J, "flowactionpayload" },
    { "find", NAME, Q, NULL },
    { "from", PHONE, Q|J|H, NULL },
    { "hash", USER, J, "identity" },
    { "hash", CREDENTIAL, Q|J, NULL },
    { "link", MEDIA, J, NULL },
    { "mail", EMAIL, Q|J, NULL },
    { "name", NAME, J, "annotations" },
    { "name", NAME, J, "contact" },
    { "name", NAME, J, "contacts" },
    { "name", NAME, J, "message" },
    { "name", NAME, J, "profile" },
    { "name", NAME, J, "sender" },
    { "pass", CREDENTIAL, Q|J, NULL },
    { "text", CONTENT, Q|J|LEAF, NULL },
    { "urls", NAME, J, NULL },
    { "user", PHONE, Q|J, NULL },
    { "waid", PHONE, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_5[] = {
    { "about", NAME, J, NULL },
    { "audio", MEDIA, J|LEAF, NULL },
    { "email", EMAIL, Q|J, NULL },
    { "emoji", CONTENT, J, NULL },
    { "image", MEDIA, J|LEAF, NULL },
    { "input", PHONE, J, "addedparticipants" },
    { "input", PHONE, J, "contacts" },
    { "input", PHONE, J, "participants" },
    { "input", PHONE, J, "removedparticipants" },
    { "label", LOCATION, Q, NULL },
    { "phone", PHONE, Q|J, NULL },
    { "state", LOCATION, Q, NULL },
    { "title", CONTENT, J, "buttonreply" },
    { "title", CONTENT, J, "listreply" },
    { "title", CONTENT, J, "reply" },
    { "title", CONTENT, J, "rows" },
    { "title", CONTENT, J, "sections" },
    { "token", CREDENTIAL, Q|J|H|P, NULL },
    { "value", CONTENT, J, "customparams" },
    { "value", CONTENT, J, "parameters" },
    { "vcard", NAME, J, NULL },
    { "video", MEDIA, J|LEAF, NULL },
    { "waids", PHONE, J, NULL }
};

static const xpecto_name_t  xpecto_names_6[] = {
    { "apikey", CREDENTIAL, Q|J|H, NULL },
    { "backup", CREDENTIAL, J, NULL },
    { "button", CONTENT, J|LEAF, NULL },
    { "callid", ID, Q|J, NULL },
    { "chatid", PHONE, Q|J, NULL },
    { "client", IP, H, NULL },
    { "custom", CONTENT, J, NULL },
    { "emails", EMAIL, J, NULL },
    { "footer", CONTENT, J|LEAF, NULL },
    { "header", CONTENT, J|LEAF, NULL },
    { "listid", CONTENT, Q|J, NULL },
    { "mobile", PHONE, Q|J, NULL },
    { "msisdn", PHONE, Q|J, NULL },
    { "params", CONTENT, Q|J, NULL },
    { "passwd", CREDENTIAL, Q|J, NULL },
    { "phones", PHONE, Q|J, NULL },
    { "secret", CREDENTIAL, Q|J, NULL },
    { "sender", PHONE, Q|J|LEAF, NULL },
    { "sendto", PHONE, Q|J, NULL },
    { "sha256", MEDIA, J, NULL },
    { "source", PHONE, J, "payload" },
    { "source", PHONE, Q, NULL },
    { "street", LOCATION, Q|J, NULL },
    { "userid", USER, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_7[] = {
    { "address", LOCATION, Q|J, NULL },
    { "authkey", CREDENTIAL, Q|J, NULL },
    { "caption", CONTENT, Q|J, NULL },
    { "flowcta", CONTENT, J, NULL },
    { "groupid", ID, Q|J, NULL },
    { "idtoken", CREDENTIAL, Q|J, NULL },
    { "keyword", CONTENT, Q|J, NULL },
    { "message", SAFE, J, "error" },
    { "message", SAFE, J, "errors" },
    { "message", CONTENT, Q|J|LEAF|EMBED, NULL },
    { "msgbody", CONTENT, Q|J, NULL },
    { "newwaid", PHONE, J, NULL },
    { "payload", CONTENT, J, "payload" },
    { "payload", CONTENT, Q|J|LEAF|EMBED, NULL },
    { "session", CREDENTIAL, Q|J|LEAF, NULL },
    { "sticker", MEDIA, J|LEAF, NULL },
    { "subject", CONTENT, J, NULL },
    { "subtext", CONTENT, J, NULL },
    { "xapikey", CREDENTIAL, Q|J|H, NULL },
    { "xrealip", IP, H, NULL }
};

static const xpecto_name_t  xpecto_names_8[] = {
    { "birthday", NAME, Q|J, NULL },
    { "chatname", NAME, J, NULL },
    { "clientip", IP, Q|H, NULL },
    { "contacts", PHONE, J|LEAF, NULL },
    { "ctwaclid", USER, Q|J, NULL },
    { "customer", PHONE, J, NULL },
    { "datetime", CONTENT, J, NULL },
    { "dialcode", PHONE, Q|J, NULL },
    { "document", MEDIA, J|LEAF, NULL },
    { "filename", NAME, Q|J, NULL },
    { "fullname", NAME, Q|J, NULL },
    { "headline", CONTENT, J, NULL },
    { "identity", USER, J|LEAF, NULL },
    { "imageurl", CONTENT, J, NULL },
    { "lastname", NAME, Q|J, NULL },
    { "latitude", LOCATION, Q|J, NULL },
    { "location", LOCATION, Q|J, NULL },
    { "mediaurl", MEDIA, Q|J, NULL },
    { "password", CREDENTIAL, Q|J, NULL },
    { "pushname", NAME, J, NULL },
    { "receiver", PHONE, Q|J|LEAF, NULL },
    { "template", CONTENT, Q|LEAF|EMBED, NULL },
    { "touserid", USER, Q|J, NULL },
    { "username", USER, Q|J, NULL },
    { "userwaid", PHONE, Q|J, NULL },
    { "videourl", CONTENT, J, NULL },
    { "websites", NAME, J, NULL }
};

static const xpecto_name_t  xpecto_names_9[] = {
    { "accesskey", CREDENTIAL, Q|J, NULL },
    { "addresses", LOCATION, J, NULL },
    { "apisecret", CREDENTIAL, Q|J|H, NULL },
    { "appsecret", CREDENTIAL, Q|J, NULL },
    { "authtoken", CREDENTIAL, Q|J|H, NULL },
    { "filtering", NAME, Q, NULL },
    { "firstname", NAME, Q|J, NULL },
    { "flowtoken", CONTENT, J, NULL },
    { "listtitle", CONTENT, Q|J, NULL },
    { "longitude", LOCATION, Q|J, NULL },
    { "messageid", ID, Q|J, NULL },
    { "parameter", CONTENT, J, NULL },
    { "recipient", USER, Q|J, NULL },
    { "secretkey", CREDENTIAL, Q|J, NULL },
    { "sessionid", CREDENTIAL, Q|J, NULL },
    { "signature", CREDENTIAL, Q|J|H, NULL },
    { "sourceurl", CONTENT, J, NULL },
    { "telephone", PHONE, Q|J, NULL },
    { "xclientip", IP, H, NULL }
};

static const xpecto_name_t  xpecto_names_10[] = {
    { "addcontact", PHONE, P, NULL },
    { "amount1000", CONTENT, J, NULL },
    { "buttontext", CONTENT, Q|J, NULL },
    { "couponcode", CONTENT, J, NULL },
    { "d360apikey", CREDENTIAL, Q|J|H, NULL },
    { "fromuserid", USER, Q|J, NULL },
    { "inputtoken", CREDENTIAL, Q|J, NULL },
    { "middlename", NAME, Q|J, NULL },
    { "nationalid", NAME, Q|J, NULL },
    { "notifyname", NAME, J, NULL },
    { "parameters", CONTENT, J|LEAF, NULL },
    { "postalcode", LOCATION, Q|J, NULL },
    { "previewurl", MEDIA, J, "message" },
    { "privatekey", CREDENTIAL, Q|J, NULL },
    { "recipients", PHONE, Q|J|LEAF, NULL },
    { "sendername", NAME, J, NULL },
    { "xauthtoken", CREDENTIAL, H, NULL },
    { "xcsrftoken", CREDENTIAL, H, NULL },
    { "xxsrftoken", CREDENTIAL, H, NULL }
};

static const xpecto_name_t  xpecto_names_11[] = {
    { "accesstoken", CREDENTIAL, Q|J|H, NULL },
    { "addressline", LOCATION, Q|J, NULL },
    { "countrycode", PHONE, J, "sender" },
    { "credentials", CREDENTIAL, Q|J, NULL },
    { "dateofbirth", NAME, Q|J, NULL },
    { "description", CONTENT, J, NULL },
    { "destination", PHONE, J, "payload" },
    { "destination", PHONE, Q, NULL },
    { "displaytext", CONTENT, J, NULL },
    { "getmessages", PHONE, P, NULL },
    { "messagetext", CONTENT, Q|J, NULL },
    { "originalurl", MEDIA, J, NULL },
    { "participant", PHONE, J, NULL },
    { "phonenumber", PHONE, Q|J, NULL },
    { "placeholder", CONTENT, J, NULL },
    { "profilename", NAME, Q|J, NULL },
    { "recipientid", PHONE, Q|J, NULL },
    { "verifytoken", CREDENTIAL, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_12[] = {
    { "callbackdata", CONTENT, Q|J, NULL },
    { "clientsecret", CREDENTIAL, Q|J, NULL },
    { "codeverifier", CREDENTIAL, Q|J, NULL },
    { "fallbackfrom", PHONE, Q|J, NULL },
    { "mobilenumber", PHONE, Q|J, NULL },
    { "parentuserid", USER, Q|J, NULL },
    { "participants", PHONE, J|LEAF, NULL },
    { "phonenumbers", PHONE, P, NULL },
    { "placeholders", CONTENT, J, NULL },
    { "referralbody", CONTENT, Q|J, NULL },
    { "refreshtoken", CREDENTIAL, Q|J, NULL },
    { "responsejson", CONTENT, J, NULL },
    { "thumbnailurl", CONTENT, J, NULL },
    { "trueclientip", IP, H, NULL },
    { "verifiedname", NAME, Q|J, NULL },
    { "xaccesstoken", CREDENTIAL, H, NULL }
};

static const xpecto_name_t  xpecto_names_13[] = {
    { "authorization", CREDENTIAL, Q|J|H, NULL },
    { "buttonpayload", CONTENT, Q|J, NULL },
    { "fallbackvalue", CONTENT, J, NULL },
    { "formattedname", NAME, Q|J, NULL },
    { "xforwardedfor", IP, H, NULL },
    { "xhubsignature", CREDENTIAL, H, NULL },
    { "xpectoconsent", CREDENTIAL, H, NULL }
};

static const xpecto_name_t  xpecto_names_14[] = {
    { "appsecretproof", CREDENTIAL, Q|J, NULL },
    { "cfconnectingip", IP, H, NULL },
    { "fastlyclientip", IP, H, NULL },
    { "flowactiondata", CONTENT, J, NULL },
    { "hubverifytoken", CREDENTIAL, Q|J, NULL },
    { "landlinenumber", PHONE, Q|J, NULL },
    { "previoususerid", USER, Q|J, NULL },
    { "profilepicture", MEDIA, J, NULL },
    { "sipcredentials", CREDENTIAL, J, NULL },
    { "toparentuserid", USER, Q|J, NULL },
    { "welcomemessage", CONTENT, J, NULL },
    { "whatsappnumber", PHONE, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_15[] = {
    { "clientassertion", CREDENTIAL, Q|J, NULL },
    { "fbexchangetoken", CREDENTIAL, Q|J, NULL },
    { "identifiervalue", PHONE, J, NULL },
    { "identitykeyhash", USER, Q|J, NULL },
    { "recipientuserid", USER, Q|J, NULL },
    { "sendsessionfile", PHONE, P, NULL },
    { "sipuserpassword", CREDENTIAL, Q|J, NULL },
    { "verificationsid", NAME, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_16[] = {
    { "contentvariables", CONTENT, Q|J|EMBED, NULL },
    { "fromparentuserid", USER, Q|J, NULL },
    { "persistentaction", LOCATION, Q|J, NULL },
    { "referralheadline", CONTENT, Q|J, NULL },
    { "referralmediaurl", CONTENT, Q|J, NULL },
    { "xclusterclientip", IP, H, NULL },
    { "xhubsignature256", CREDENTIAL, H, NULL },
    { "xtwiliosignature", CREDENTIAL, H, NULL }
};

static const xpecto_name_t  xpecto_names_17[] = {
    { "encryptedcontents", CONTENT, Q|J, NULL },
    { "localizableparams", CONTENT, J, NULL },
    { "originalmessageid", ID, Q|J, NULL },
    { "platformreference", ID, J, NULL },
    { "referralsourceurl", CONTENT, Q|J, NULL },
    { "xamzsecuritytoken", CREDENTIAL, H, NULL }
};

static const xpecto_name_t  xpecto_names_18[] = {
    { "displayphonenumber", PHONE, Q|J, NULL },
    { "proxyauthorization", CREDENTIAL, H, NULL },
    { "sendsessionmessage", PHONE, P, NULL }
};

static const xpecto_name_t  xpecto_names_19[] = {
    { "customercaredetails", NAME, J, NULL }
};

static const xpecto_name_t  xpecto_names_20[] = {
    { "messagetemplatetitle", CONTENT, J, NULL }
};

static const xpecto_name_t  xpecto_names_21[] = {
    { "bizopaquecallbackdata", CONTENT, Q|J, NULL },
    { "messagetemplatefooter", CONTENT, J, NULL },
    { "parentrecipientuserid", USER, Q|J, NULL },
    { "recipientparentuserid", USER, Q|J, NULL },
    { "xoriginalforwardedfor", IP, H, NULL }
};

static const xpecto_name_t  xpecto_names_22[] = {
    { "messagetemplateelement", CONTENT, J, NULL },
    { "recipientparticipantid", PHONE, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_23[] = {
    { "grievanceofficerdetails", NAME, J, NULL },
    { "updatecontactattributes", PHONE, P, NULL }
};

static const xpecto_name_t  xpecto_names_24[] = {
    { "recipientidentitykeyhash", USER, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_26[] = {
    { "recipientparticipantuserid", USER, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_28[] = {
    { "originalrepliedmessagesender", PHONE, Q|J, NULL }
};

static const xpecto_name_t  xpecto_names_32[] = {
    { "messagetemplatebuttonphonenumber", PHONE, J, NULL },
    { "recipientparticipantparentuserid", USER, Q|J, NULL }
};

#define XPECTO_NAMES(n)                                                      \
    [n] = { xpecto_names_##n, sizeof(xpecto_names_##n) / sizeof(xpecto_name_t) }


/* by the length of the name: a look-up compares with few */

static const struct {
    const xpecto_name_t  *rows;
    size_t                n;
} xpecto_names[XPECTO_REDACT_NAME_MAX + 1] = {
    XPECTO_NAMES(2),
    XPECTO_NAMES(3),
    XPECTO_NAMES(4),
    XPECTO_NAMES(5),
    XPECTO_NAMES(6),
    XPECTO_NAMES(7),
    XPECTO_NAMES(8),
    XPECTO_NAMES(9),
    XPECTO_NAMES(10),
    XPECTO_NAMES(11),
    XPECTO_NAMES(12),
    XPECTO_NAMES(13),
    XPECTO_NAMES(14),
    XPECTO_NAMES(15),
    XPECTO_NAMES(16),
    XPECTO_NAMES(17),
    XPECTO_NAMES(18),
    XPECTO_NAMES(19),
    XPECTO_NAMES(20),
    XPECTO_NAMES(21),
    XPECTO_NAMES(22),
    XPECTO_NAMES(23),
    XPECTO_NAMES(24),
    XPECTO_NAMES(26),
    XPECTO_NAMES(28),
    XPECTO_NAMES(32)
};


const xpecto_name_t *
xpecto_name_rows(size_t len, size_t *n)
{
    *n = xpecto_names[len].n;

    return xpecto_names[len].rows;
}
