
/*
 * Graph errors: see xpecto_graph.h.
 */


#include "xpecto_graph.h"

#include <string.h>


typedef struct {
    uint32_t     code;
    const char  *message;
    const char  *reason;
    const char  *more;                  /* members behind the code */
} xpecto_graph_error_t;


static uint8_t *xpecto_graph_text(uint8_t *p, const char *text);
static uint8_t *xpecto_graph_number(uint8_t *p, uint32_t n);


/*
 * Cloud API, "Error codes", and the examples of Meta's OpenAPI description
 * (business-messaging-api v23.0): as of 2025-11-21.  t/data/whatsapp.txt is
 * what the tests compare with.
 */

static const xpecto_graph_error_t  xpecto_graph_errors[] = {

    { 130429, "(#130429) Rate limit hit",
      "Message failed to send because there were too many messages sent "
      "from this phone number in a short period of time", "" },

    { 4, "(#4) Application request limit reached",
      "The app has reached its API call rate limit",
      ",\"is_transient\":true" },

    { 80007, "Business request limit reached for WhatsApp Business Account",
      "The WhatsApp Business Account has reached its rate limit",
      ",\"error_subcode\":2446079,\"is_transient\":true" },

    { 131048, "(#131048) Spam rate limit hit",
      "Message failed to send because there are restrictions on how many "
      "messages can be sent from this phone number", "" },

    { 131056, "(#131056) (Business Account, Consumer Account) pair rate "
      "limit hit",
      "Too many messages sent from the sender phone number to the same "
      "recipient phone number in a short period of time", "" },

    { 133016, "(#133016) Account register deregister rate limit exceeded",
      "Registration or Deregistration failed because there were too many "
      "attempts for this phone number in a short period of time", "" },

    { 368, "(#368) Temporarily blocked for policies violations",
      "Too many requests have failed in a short period of time", "" }
};


uint32_t
xpecto_graph_code(xpecto_graph_e error)
{
    return xpecto_graph_errors[error].code;
}


xpecto_str_t
xpecto_graph_reason(xpecto_graph_e error)
{
    xpecto_str_t  s;

    s.data = (const uint8_t *) xpecto_graph_errors[error].reason;
    s.len = strlen(xpecto_graph_errors[error].reason);

    return s;
}


size_t
xpecto_graph_write(uint8_t *dst, xpecto_graph_e error,
    const xpecto_str_t *details)
{
    uint8_t                     *p;
    const xpecto_graph_error_t  *e;

    e = &xpecto_graph_errors[error];

    p = xpecto_graph_text(dst, "{\"error\":{\"message\":\"");
    p = xpecto_graph_text(p, e->message);
    p = xpecto_graph_text(p, "\",\"type\":\"OAuthException\",\"code\":");
    p = xpecto_graph_number(p, e->code);
    p = xpecto_graph_text(p, e->more);
    p = xpecto_graph_text(p, ",\"error_data\":{\"messaging_product\":"
                             "\"whatsapp\",\"details\":\"");

    memcpy(p, details->data, details->len);
    p += details->len;

    p = xpecto_graph_text(p, "\"}}}\n");

    return (size_t) (p - dst);
}


static uint8_t *
xpecto_graph_text(uint8_t *p, const char *text)
{
    size_t  len;

    len = strlen(text);
    memcpy(p, text, len);

    return p + len;
}


static uint8_t *
xpecto_graph_number(uint8_t *p, uint32_t n)
{
    uint32_t  unit;

    for (unit = 1; n / unit >= 10; unit *= 10) { /* void */ }

    for ( /* void */ ; unit != 0; unit /= 10) {
        *p++ = (uint8_t) ('0' + n / unit % 10);
    }

    return p;
}
