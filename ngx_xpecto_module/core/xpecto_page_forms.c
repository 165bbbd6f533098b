
/*
 * Copyright (C) Xpecto IT Solutions Pvt Ltd
 */

/*
 * Buttons and checkboxes of a template.  "Accept all", "reject all" and
 * "save" stand side by side with nothing between them and are of one class:
 * a style sheet that xpecto_page_style() lets pass cannot tell them apart.
 * Each of them is of a form of its own, so that Enter in a checkbox saves
 * what is ticked and never accepts all.  Who does not want to say an age
 * rejects all right beside.
 */


#include <string.h>

#include "xpecto_page_check.h"


static xpecto_rc_e xpecto_page_check_purpose(xpecto_page_check_t *c,
    const xpecto_page_tag_t *tag);
static xpecto_page_form_t *xpecto_page_owner(xpecto_page_check_t *c,
    const xpecto_page_button_t *button);
static xpecto_rc_e xpecto_page_check_equal(xpecto_page_check_t *c,
    const xpecto_page_button_t *accept);
static xpecto_rc_e xpecto_page_check_age(xpecto_page_check_t *c,
    const xpecto_page_button_t *age);
static xpecto_rc_e xpecto_page_check_labels(xpecto_page_check_t *c);


xpecto_rc_e
xpecto_page_check_form(xpecto_page_check_t *c, const xpecto_page_tag_t *tag)
{
    const xpecto_str_t  *action;
    xpecto_page_form_t  *form;

    action = &tag->values[XPECTO_PAGE_FORM_ACTION];

    if (c->form != NULL || xpecto_page_in_each(c)
        || c->nforms == XPECTO_PAGE_FORMS)
    {
        return xpecto_page_refuse(c, "a form within a form, or too many",
                                  tag->name.data, tag->name.len);
    }

    if (!xpecto_page_equal(&tag->values[XPECTO_PAGE_METHOD], "post")) {
        return xpecto_page_refuse(c, "a form without method=\"post\"",
                                  tag->name.data, tag->name.len);
    }

    form = &c->forms[c->nforms++];

    form->id = tag->values[XPECTO_PAGE_ID];
    form->purposes = 0;
    form->age = 0;
    form->steady = (xpecto_page_is_steady(c) != 0);
    form->asks = (xpecto_page_in_age(c) != 0);
    form->nsections = c->nsections;

    if (xpecto_page_equal(action, "{{action}}/age")
        && xpecto_page_in_age(c))
    {
        form->age = 1;

    } else if (!xpecto_page_equal(action, "{{action}}")) {
        return xpecto_page_refuse(c, "a form that is not sent to "
                                     "{{action}}, or to {{action}}/age "
                                     "within {{#age}}",
                                  tag->name.data, tag->name.len);
    }

    c->form = form;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_page_check_input(xpecto_page_check_t *c, const xpecto_page_tag_t *tag)
{
    xpecto_rc_e          rc;
    const xpecto_str_t  *type, *name;

    type = &tag->values[XPECTO_PAGE_TYPE];
    name = &tag->values[XPECTO_PAGE_NAME];

    if (c->form == NULL) {
        return xpecto_page_refuse(c, "an input outside of a form",
                                  tag->name.data, tag->name.len);
    }

    if (xpecto_page_equal(type, "checkbox")) {
        rc = xpecto_page_check_purpose(c, tag);

        if (rc != XPECTO_OK) {
            return rc;
        }

    } else if (type->len == 0) {
        return xpecto_page_refuse(c, "an input without type=: checkbox, "
                                     "number or text",
                                  tag->name.data, tag->name.len);

    } else if (!xpecto_page_equal(type, "number")
               && !xpecto_page_equal(type, "text"))
    {
        return xpecto_page_refuse(c, "an input of a type other than "
                                     "checkbox, number and text",
                                  tag->name.data, tag->name.len);

    } else if (!c->form->age || xpecto_page_has(tag, XPECTO_PAGE_FIELD)
               || (!xpecto_page_equal(name, "month")
                   && !xpecto_page_equal(name, "year")))
    {
        return xpecto_page_refuse(c, "an input other than an empty month or "
                                     "year of the age",
                                  tag->name.data, tag->name.len);
    }

    if (c->label) {
        return XPECTO_OK;
    }

    if (tag->values[XPECTO_PAGE_ID].len == 0
        || c->ninputs == XPECTO_PAGE_LABELS)
    {
        return xpecto_page_refuse(c, "an input without a label",
                                  tag->name.data, tag->name.len);
    }

    c->inputs[c->ninputs++] = tag->values[XPECTO_PAGE_ID];

    return XPECTO_OK;
}


static xpecto_rc_e
xpecto_page_check_purpose(xpecto_page_check_t *c, const xpecto_page_tag_t *tag)
{
    int                  n;
    const xpecto_str_t  *name;

    name = &tag->values[XPECTO_PAGE_NAME];

    n = (name->len > 2 && memcmp(name->data, "p.", 2) == 0)
        ? xpecto_purpose_find(name->data + 2, name->len - 2) : -1;

    if (xpecto_page_equal(name, "p.{{name}}") && xpecto_page_in_each(c)
        && !c->each)
    {
        c->each = 1;
        n = XPECTO_PURPOSES;

    } else if (n < 0 || xpecto_page_in_each(c)
               || (c->purposes & XPECTO_PURPOSE_BIT(n)))
    {
        return xpecto_page_refuse(c, "a checkbox that is of no purpose, or "
                                     "of one that has another",
                                  tag->name.data, tag->name.len);

    } else {
        c->purposes |= XPECTO_PURPOSE_BIT(n);
    }

    if (!xpecto_page_equal(&tag->values[XPECTO_PAGE_FIELD], "1")) {
        return xpecto_page_refuse(c, "a checkbox without value=\"1\"",
                                  tag->name.data, tag->name.len);
    }

    if (tag->checked != n) {
        return xpecto_page_refuse(c, "a checkbox that does not show the "
                                     "choice: {{checked}}, or "
                                     "{{checked.purpose}}, of its purpose",
                                  tag->name.data, tag->name.len);
    }

    if (!xpecto_page_is_steady(c)) {
        return xpecto_page_refuse(c, "a checkbox that is not always there",
                                  tag->name.data, tag->name.len);
    }

    c->form->purposes = 1;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_page_check_button(xpecto_page_check_t *c, const xpecto_page_tag_t *tag)
{
    const xpecto_str_t    *name, *value, *type;
    xpecto_page_button_t  *button;

    name = &tag->values[XPECTO_PAGE_NAME];
    value = &tag->values[XPECTO_PAGE_FIELD];
    type = &tag->values[XPECTO_PAGE_TYPE];

    if (c->nbuttons == XPECTO_PAGE_BUTTONS || c->label) {
        return xpecto_page_refuse(c, "a button within a label, or too many",
                                  tag->name.data, tag->name.len);
    }

    button = &c->buttons[c->nbuttons++];

    button->name = tag->name;
    button->style = tag->values[XPECTO_PAGE_CLASS];
    button->form = tag->values[XPECTO_PAGE_FORM];
    button->own = c->form;
    button->run = c->run;
    button->steady = (xpecto_page_is_steady(c) && !xpecto_page_in_each(c));
    button->text = 0;
    button->kind = XPECTO_PAGE_SUBMIT;

    if (xpecto_page_equal(name, "accept") && xpecto_page_equal(value, "all")) {
        button->kind = XPECTO_PAGE_ACCEPT;

    } else if (xpecto_page_equal(name, "reject")
               && xpecto_page_equal(value, "all"))
    {
        button->kind = XPECTO_PAGE_REJECT;

    } else if (name->len || value->len) {
        return xpecto_page_refuse(c, "a button that says neither "
                                     "accept=all nor reject=all",
                                  tag->name.data, tag->name.len);
    }

    if (type->len && !xpecto_page_equal(type, "submit")) {
        return xpecto_page_refuse(c, "a button that sends nothing",
                                  tag->name.data, tag->name.len);
    }

    c->button = button;

    return XPECTO_OK;
}


xpecto_rc_e
xpecto_page_check_forms(xpecto_page_check_t *c, uint16_t asked)
{
    size_t                       i;
    unsigned                     n, wrong;
    xpecto_str_t                 name;
    xpecto_page_form_t          *form;
    const xpecto_page_button_t  *button, *accept;

    accept = NULL;

    for (i = 0; i < c->nbuttons; i++) {
        button = &c->buttons[i];
        form = xpecto_page_owner(c, button);

        if (form == NULL) {
            return xpecto_page_refuse(c, "a button without a form",
                                      button->name.data, button->name.len);
        }

        if (!button->text) {
            return xpecto_page_refuse(c, "a button without a text",
                                      button->name.data, button->name.len);
        }

        if (form->age ? button->kind != XPECTO_PAGE_SUBMIT
            : (button->kind == XPECTO_PAGE_SUBMIT
               || (form->purposes && button->kind == XPECTO_PAGE_ACCEPT)))
        {
            return xpecto_page_refuse(c, "a button in the form of another: "
                                         "all is accepted apart from the "
                                         "checkboxes, and rejected or saved "
                                         "by reject=all",
                                      button->name.data, button->name.len);
        }

        if (form->age && xpecto_page_check_age(c, button) != XPECTO_OK) {
            return XPECTO_ERROR;
        }

        if (button->kind != XPECTO_PAGE_ACCEPT) {
            continue;
        }

        if (accept != NULL) {
            return xpecto_page_refuse(c, "a second button that accepts all",
                                      button->name.data, button->name.len);
        }

        accept = button;
    }

    if (accept == NULL) {
        return xpecto_page_refuse(c, "no button accept=all", NULL, 0);
    }

    if (xpecto_page_check_equal(c, accept) != XPECTO_OK) {
        return XPECTO_ERROR;
    }

    wrong = c->each ? c->purposes : (unsigned) (c->purposes ^ asked);

    for (n = 0; n < XPECTO_PURPOSES; n++) {

        if (wrong & XPECTO_PURPOSE_BIT(n)) {
            name = xpecto_purpose_name(n);
            return xpecto_page_refuse(c, (c->purposes & XPECTO_PURPOSE_BIT(n))
                                         ? "a checkbox of a purpose that is "
                                           "not in use, or is there twice"
                                         : "no checkbox of the purpose",
                                      name.data, name.len);
        }
    }

    return xpecto_page_check_labels(c);
}


static xpecto_page_form_t *
xpecto_page_owner(xpecto_page_check_t *c, const xpecto_page_button_t *button)
{
    size_t  i;

    if (button->form.len == 0) {
        return button->own;
    }

    for (i = 0; i < c->nforms; i++) {

        if (c->forms[i].id.len == button->form.len
            && memcmp(c->forms[i].id.data, button->form.data,
                      button->form.len)
               == 0)
        {
            return &c->forms[i];
        }
    }

    return NULL;
}


/* beside "accept all" stand "reject all" and "save", and look the same */

static xpecto_rc_e
xpecto_page_check_equal(xpecto_page_check_t *c,
    const xpecto_page_button_t *accept)
{
    size_t                       i;
    unsigned                     reject, save;
    xpecto_page_form_t          *form;
    const xpecto_page_button_t  *button;

    reject = 0;
    save = 0;

    for (i = 0; i < c->nbuttons; i++) {
        button = &c->buttons[i];

        if (button->run != accept->run) {
            continue;
        }

        if (button->style.len != accept->style.len
            || (accept->style.len
                && memcmp(button->style.data, accept->style.data,
                          accept->style.len)
                   != 0))
        {
            return xpecto_page_refuse(c, "a button of another class than "
                                         "those beside it",
                                      button->name.data, button->name.len);
        }

        form = xpecto_page_owner(c, button);

        if (!button->steady || !form->steady) {
            return xpecto_page_refuse(c, "a button that is not always there",
                                      button->name.data, button->name.len);
        }

        if (form->purposes) {
            save = 1;

        } else if (button->kind == XPECTO_PAGE_REJECT) {
            reject = 1;
        }
    }

    if (!reject) {
        return xpecto_page_refuse(c, "no button reject=all, of a form without "
                                     "checkboxes, right beside that of "
                                     "accept=all",
                                  accept->name.data, accept->name.len);
    }

    if (!save) {
        return xpecto_page_refuse(c, "no button reject=all of the checkboxes, "
                                     "to save them, right beside that of "
                                     "accept=all",
                                  accept->name.data, accept->name.len);
    }

    return XPECTO_OK;
}


/* beside the button that sends an age stands "reject all", of its class */

static xpecto_rc_e
xpecto_page_check_age(xpecto_page_check_t *c, const xpecto_page_button_t *age)
{
    size_t                       i;
    const xpecto_page_form_t    *form;
    const xpecto_page_button_t  *button;

    for (i = 0; i < c->nbuttons; i++) {
        button = &c->buttons[i];
        form = xpecto_page_owner(c, button);

        if (button->run == age->run && button->kind == XPECTO_PAGE_REJECT
            && button->style.len == age->style.len
            && (age->style.len == 0
                || memcmp(button->style.data, age->style.data, age->style.len)
                   == 0)
            && form != NULL
            && (form->nsections == 0
                || (form->asks && form->nsections
                                  == xpecto_page_owner(c, age)->nsections)))
        {
            return XPECTO_OK;
        }
    }

    return xpecto_page_refuse(c, "no button reject=all of the same class "
                                 "right beside the one that sends an age",
                              age->name.data, age->name.len);
}


static xpecto_rc_e
xpecto_page_check_labels(xpecto_page_check_t *c)
{
    size_t  i, n;

    for (i = 0; i < c->ninputs; i++) {

        for (n = 0; n < c->nfors; n++) {

            if (c->inputs[i].len == c->fors[n].len
                && memcmp(c->inputs[i].data, c->fors[n].data, c->inputs[i].len)
                   == 0)
            {
                break;
            }
        }

        if (n == c->nfors) {
            return xpecto_page_refuse(c, "an input without a label",
                                      c->inputs[i].data, c->inputs[i].len);
        }
    }

    return XPECTO_OK;
}
