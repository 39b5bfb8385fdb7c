#include "fake-p11.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

static void *
read_pem(const char *path, gboolean is_key)
{
    FILE *file = fopen(path, "r");
    void *made = NULL;

    if (file == NULL)
        g_error("fake-p11: %s cannot be read", path);
    if (is_key)
        made = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    else
        made = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    if (made == NULL)
        g_error("fake-p11: %s is not PEM", path);
    return made;
}

/* Splits "CALL:NUMBER"; without a number it is `preset`. */
static char *
split_call(const char *value, int base, gulong preset, gulong *number)
{
    const char *colon = strchr(value, ':');
    *number = colon ? strtoul(colon + 1, NULL, base) : preset;
    return colon ? g_strndup(value, (gsize) (colon - value)) : g_strdup(value);
}

static gboolean
take_text(Script *script, const char *name, const char *value)
{
    const struct {
        const char *name;
        char **place;
    } texts[] = {{"label", &script->label},       {"serial", &script->serial},
                 {"other", &script->next_serial}, {"reader", &script->reader},
                 {"pin", &script->pin},           {"log", &script->log}};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (g_str_equal(name, texts[i].name)) {
            g_free(*texts[i].place);
            *texts[i].place = g_strdup(value);
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
take_number(Script *script, const char *name, const char *value)
{
    gulong number = strtoul(value, NULL, 10);

    if (g_str_equal(name, "tokens"))
        script->n_tokens = (guint) number;
    else if (g_str_equal(name, "min"))
        script->min = number;
    else if (g_str_equal(name, "max"))
        script->max = number;
    else if (g_str_equal(name, "tries"))
        script->tries = (int) number;
    else
        return FALSE;
    return TRUE;
}

static gboolean
take_flag(Script *script, const char *name)
{
    if (g_str_equal(name, "pin-pad"))
        script->pin_pad = TRUE;
    else if (g_str_equal(name, "always-authenticate"))
        script->always_authenticate = TRUE;
    else if (g_str_equal(name, "back"))
        script->comes_back = TRUE;
    else if (g_str_equal(name, "empty"))
        script->has_empty = TRUE;
    else if (g_str_equal(name, "uninitialized"))
        script->n_slots = 1;
    else
        return FALSE;
    return TRUE;
}

static gboolean
take_event(Script *script, const char *name, const char *value)
{
    gulong number;

    if (g_str_equal(name, "removed-at")) {
        script->removed_at = split_call(value, 10, 1, &number);
        script->removed_after = (guint) number;
    } else if (g_str_equal(name, "fail")) {
        script->failing = split_call(value, 16, CKR_GENERAL_ERROR, &number);
        script->failure = number;
    } else if (g_str_equal(name, "key")) {
        script->keys[0] = read_pem(value, TRUE);
    } else if (g_str_equal(name, "other-key")) {
        script->keys[1] = read_pem(value, TRUE);
    } else if (g_str_equal(name, "cert")) {
        script->certificates[0] = read_pem(value, FALSE);
    } else if (g_str_equal(name, "other-cert")) {
        script->certificates[1] = read_pem(value, FALSE);
    } else {
        return FALSE;
    }
    return TRUE;
}

Script *
script_new(const char *text)
{
    Script *script = g_new0(Script, 1);
    g_auto(GStrv) words = g_strsplit(text ? text : "", ",", -1);

    script->n_tokens = 1;
    script->label = g_strdup("HiCOS PKI Smart Card");
    script->serial = g_strdup("TP00000000000001");
    script->reader = g_strdup("Fake Reader 00 00");
    script->pin = g_strdup("123456");
    script->min = 6;
    script->max = 8;
    script->tries = 3;
    for (guint i = 0; words[i] != NULL; i++) {
        char *value = strchr(words[i], '=');
        if (value != NULL)
            *value++ = '\0';
        if (*words[i] != '\0' && !take_flag(script, words[i]) &&
            !(value != NULL &&
              (take_text(script, words[i], value) || take_number(script, words[i], value) ||
               take_event(script, words[i], value))))
            g_error("fake-p11: “%s” is not a word of the script", words[i]);
    }
    script->n_slots += script->n_tokens + (script->has_empty ? 1 : 0);
    return script;
}

void
script_free(Script *script)
{
    for (guint i = 0; i < G_N_ELEMENTS(script->keys); i++) {
        EVP_PKEY_free(script->keys[i]);
        X509_free(script->certificates[i]);
    }
    g_free(script->label);
    g_free(script->serial);
    g_free(script->next_serial);
    g_free(script->reader);
    g_free(script->pin);
    g_free(script->log);
    g_free(script->removed_at);
    g_free(script->failing);
    g_free(script);
}

void
script_log(const Script *script, const char *call, const char *remark)
{
    FILE *file = script->log ? fopen(script->log, "a") : NULL;

    if (file == NULL)
        return;
    fprintf(file, "%s%s%s\n", call, remark ? " " : "", remark ? remark : "");
    fclose(file);
}
