
/*
 * The rules while they are built.  Private to the files xpecto_rules*.c.
 */


#ifndef _XPECTO_RULES_BUILD_H_INCLUDED_
#define _XPECTO_RULES_BUILD_H_INCLUDED_


#include "xpecto_doc.h"
#include "xpecto_rules.h"


typedef struct {
    const char     *name;
    unsigned        value;
} xpecto_word_t;                        /* a list ends with NULL */


typedef struct {
    xpecto_rules_t  rules;
    unsigned        level;              /* rows beyond it are left out */
    xpecto_set_t    decided[XPECTO_RULES_REGIMES];  /* at any level */
    xpecto_err_t   *err;

    uint8_t        *text;               /* what follows the rules */
    size_t          len;
    size_t          max;
} xpecto_build_t;


/* regimes, countries and areas; then decisions and restrictions */

xpecto_rc_e xpecto_law_places(xpecto_build_t *b, const xpecto_node_t *law);
xpecto_rc_e xpecto_law_areas(xpecto_build_t *b, const xpecto_node_t *law);
xpecto_rc_e xpecto_law_rows(xpecto_build_t *b, const xpecto_node_t *law);

/*
 * The age and the default of consent of a place: its own, or the strictest of
 * its laws.  One that says nothing of consent wants it asked for.  A place
 * without laws keeps what it has.
 */

xpecto_rc_e xpecto_law_protection(xpecto_build_t *b,
    const xpecto_node_t *node, const uint8_t *regimes, unsigned n,
    uint8_t *min_age, uint8_t *opt_out);

/* members of rules.json */

xpecto_rc_e xpecto_rules_attests(xpecto_build_t *b,
    const xpecto_node_t *root);
xpecto_rc_e xpecto_rules_regions(xpecto_build_t *b,
    const xpecto_node_t *root);
xpecto_rc_e xpecto_rules_subprocessors(xpecto_build_t *b,
    const xpecto_node_t *root);
xpecto_rc_e xpecto_rules_exceptions(xpecto_build_t *b,
    const xpecto_node_t *root);
xpecto_rc_e xpecto_rules_deny(xpecto_build_t *b, const xpecto_node_t *root);

extern const xpecto_word_t  xpecto_rules_action_words[];
extern const xpecto_word_t  xpecto_rules_levels[];

/*
 * Members of an object.  ERROR: of another type, not in the list, no country
 * an empty list and so on; err is written.  DECLINED: not there and not
 * required.
 */

/* what an answer may quote: no quotes, backslashes, controls; 127 bytes */

xpecto_rc_e xpecto_build_phrase(xpecto_build_t *b,
    const xpecto_node_t *object, const char *key, int required,
    xpecto_text_t *text);
xpecto_rc_e xpecto_build_word(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, const xpecto_word_t *words,
    unsigned *value);
xpecto_rc_e xpecto_build_date(xpecto_build_t *b, const xpecto_node_t *object,
    const char *key, int required, int32_t *day);
xpecto_rc_e xpecto_build_country(xpecto_build_t *b,
    const xpecto_node_t *object, const char *key, int required, uint8_t *i);
xpecto_rc_e xpecto_build_countries(xpecto_build_t *b,
    const xpecto_node_t *object, const char *key, int required,
    xpecto_set_t *set);
xpecto_rc_e xpecto_build_regime(xpecto_build_t *b,
    const xpecto_node_t *object, const char *key, int required, uint8_t *i);

/* the same of one node, which is a string */

xpecto_rc_e xpecto_node_word(xpecto_build_t *b, const xpecto_node_t *node,
    const xpecto_word_t *words, unsigned *value);
xpecto_rc_e xpecto_node_code(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_country_t *code);
xpecto_rc_e xpecto_node_country(xpecto_build_t *b, const xpecto_node_t *node,
    uint8_t *i);
xpecto_rc_e xpecto_node_regime(xpecto_build_t *b, const xpecto_node_t *node,
    uint8_t *i);

xpecto_rc_e xpecto_rules_name(xpecto_build_t *b, const xpecto_node_t *node,
    xpecto_str_t name);

/* for arrays of strings: refuses an element of another type */

xpecto_rc_e xpecto_node_string(xpecto_build_t *b, const xpecto_node_t *array,
    size_t n, xpecto_node_t *node);

xpecto_rc_e xpecto_build_copy(xpecto_build_t *b, xpecto_str_t str,
    xpecto_text_t *text);

/* below, at or above 0: which of two texts comes first, byte by byte */

int xpecto_build_order(const xpecto_build_t *b, xpecto_text_t one,
    xpecto_text_t two);

/* index + 1, or 0 */

unsigned xpecto_build_attest(xpecto_build_t *b, xpecto_str_t name);

xpecto_str_t xpecto_build_str(const xpecto_build_t *b, xpecto_text_t text);
int xpecto_str_is(xpecto_str_t str, const char *text);


#endif /* _XPECTO_RULES_BUILD_H_INCLUDED_ */
