
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */


#include "ngx_http_xpecto_message.h"


static ngx_int_t ngx_http_xpecto_message_compile_paths(
    xpecto_json_paths_t *paths, const ngx_http_xpecto_message_path_t *list);


const ngx_http_xpecto_message_path_t  ngx_http_xpecto_message_body_list[] = {
    { "to", NGX_XPECTO_MESSAGE_LIST },
    { "to[]", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "recipient", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].to", NGX_XPECTO_MESSAGE_LIST },
    { "[].to[]", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].recipient", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "block_users[].user", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "participants[].user", NGX_XPECTO_MESSAGE_RECIPIENT },

    /* Infobip, MessageBird, WATI, Gupshup, gateways of the web client */

    { "messages[].to", NGX_XPECTO_MESSAGE_SENT },
    { "messages[].destinations[].to", NGX_XPECTO_MESSAGE_SENT },
    { "[].messages[].to", NGX_XPECTO_MESSAGE_SENT },
    { "receiver.contacts[].identifierValue", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "receivers[].whatsappNumber", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "whatsappNumber", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "destination", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "phone", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "chatId", NGX_XPECTO_MESSAGE_RECIPIENT },

    /*
     * On-Premises API, and webhooks that somebody took out of their envelope;
     * "contacts" may be cards as well, which are content
     */

    { "contacts[]", NGX_XPECTO_MESSAGE_CONTACT },
    { "contacts[].input", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "contacts[].wa_id", NGX_XPECTO_MESSAGE_FULL },
    { "contacts[].user_id", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "messages[]", NGX_XPECTO_MESSAGE_ITEM },
    { "messages[].from", NGX_XPECTO_MESSAGE_FROM },
    { "messages[].from_user_id", NGX_XPECTO_MESSAGE_FROM },
    { "statuses[].recipient_id", NGX_XPECTO_MESSAGE_FULL },
    { "statuses[].recipient_user_id", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "statuses[].recipient_participant_id", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].contacts[]", NGX_XPECTO_MESSAGE_CONTACT },
    { "[].contacts[].input", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].contacts[].wa_id", NGX_XPECTO_MESSAGE_FULL },
    { "[].contacts[].user_id", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].messages[]", NGX_XPECTO_MESSAGE_ITEM },
    { "[].messages[].from", NGX_XPECTO_MESSAGE_FROM },
    { "[].messages[].from_user_id", NGX_XPECTO_MESSAGE_FROM },
    { "[].statuses[].recipient_id", NGX_XPECTO_MESSAGE_FULL },
    { "[].statuses[].recipient_user_id", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].statuses[].recipient_participant_id",
      NGX_XPECTO_MESSAGE_RECIPIENT },

    /* webhooks of the Cloud API: who has written, whom a status is about */

    { "entry[].changes[].value.contacts[].wa_id",
      NGX_XPECTO_MESSAGE_FULL },
    { "entry[].changes[].value.contacts[].user_id",
      NGX_XPECTO_MESSAGE_RECIPIENT },
    { "entry[].changes[].value.messages[].from",
      NGX_XPECTO_MESSAGE_FULL },
    { "entry[].changes[].value.messages[].from_user_id",
      NGX_XPECTO_MESSAGE_RECIPIENT },
    { "entry[].changes[].value.statuses[].recipient_id",
      NGX_XPECTO_MESSAGE_FULL },
    { "entry[].changes[].value.statuses[].recipient_user_id",
      NGX_XPECTO_MESSAGE_RECIPIENT },
    { "entry[].changes[].value.statuses[].recipient_participant_id",
      NGX_XPECTO_MESSAGE_RECIPIENT },

    { "type", NGX_XPECTO_MESSAGE_TYPE },

    { "batch", NGX_XPECTO_MESSAGE_BATCH },
    { "batch[].body", NGX_XPECTO_MESSAGE_BATCH_BODY },
    { "batch[].body.to", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "batch[].body.recipient", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "batch[].relative_url", NGX_XPECTO_MESSAGE_BATCH_URL },
    { NULL, 0 }
};


const ngx_http_xpecto_message_path_t  ngx_http_xpecto_message_batch_list[] = {
    { "[].body", NGX_XPECTO_MESSAGE_BATCH_BODY },
    { "[].body.to", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].body.recipient", NGX_XPECTO_MESSAGE_RECIPIENT },
    { "[].relative_url", NGX_XPECTO_MESSAGE_BATCH_URL },
    { NULL, 0 }
};


ngx_int_t
ngx_http_xpecto_message_compile(ngx_http_xpecto_message_paths_t *paths)
{
    if (ngx_http_xpecto_message_compile_paths(&paths->body,
                                          ngx_http_xpecto_message_body_list)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_xpecto_message_compile_paths(&paths->batch,
                                         ngx_http_xpecto_message_batch_list);
}


static ngx_int_t
ngx_http_xpecto_message_compile_paths(xpecto_json_paths_t *paths,
    const ngx_http_xpecto_message_path_t *list)
{
    unsigned     n;
    const char  *names[XPECTO_JSON_PATHS_MAX];

    for (n = 0; list[n].path; n++) {

        if (n == XPECTO_JSON_PATHS_MAX) {
            return NGX_ERROR;
        }

        names[n] = list[n].path;
    }

    return (xpecto_json_compile(paths, names, n) == XPECTO_OK) ? NGX_OK
                                                               : NGX_ERROR;
}
