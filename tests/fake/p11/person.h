/* A person who answers in tests of pkcs11/, and certificates to test with. */
#pragma once

#include "base/error.h"
#include "pkcs11/token.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

/* ---- a person: the PIN to answer with, and what was asked and told ---- */

#define TEST_TYPE_PERSON (test_person_get_type())
G_DECLARE_FINAL_TYPE(TestPerson, test_person, TEST, PERSON, GObject)

struct _TestPerson {
    GObject parent;
    const char *pin; /* NULL: cancels */
    guint n_asked;
    GcaSecretPrompt prompt; /* its numbers, of the last question */
    guint n_pin_pad, n_warnings;
    void (*meanwhile)(gpointer data); /* happens while the PIN is being typed; may be NULL */
    gpointer data;
};

static GcaSecret *
person_ask_secret(GcaInteraction *self, const GcaSecretPrompt *prompt, GcaCancel *cancel,
                  GError **error)
{
    TestPerson *person = TEST_PERSON(self);

    person->n_asked++;
    person->prompt = *prompt;
    if (person->meanwhile != NULL)
        person->meanwhile(person->data);
    if (person->pin == NULL) {
        gca_error_set(error, GCA_ERROR_CANCELLED, "cancelled");
        return NULL;
    }
    GcaSecret *pin = gca_secret_new(strlen(person->pin));
    memcpy(gca_secret_get_data(pin), person->pin, strlen(person->pin));
    return pin;
}

static void
person_notice(GcaInteraction *self, GcaNotice kind, const char *text)
{
    TestPerson *person = TEST_PERSON(self);

    person->n_pin_pad += kind == GCA_NOTICE_PIN_PAD;
    person->n_warnings += kind == GCA_NOTICE_WARNING;
}

static void
person_interaction_init(GcaInteractionInterface *iface)
{
    iface->ask_secret = person_ask_secret;
    iface->notice = person_notice;
}

G_DEFINE_TYPE_WITH_CODE(TestPerson, test_person, G_TYPE_OBJECT,
                        G_IMPLEMENT_INTERFACE(GCA_TYPE_INTERACTION, person_interaction_init))

static void
test_person_class_init(TestPersonClass *class)
{
}

static void
test_person_init(TestPerson *self)
{
}

/* ---- keys and certificates ---- */

static X509 *
certificate_new(EVP_PKEY *key, const char *name)
{
    X509 *certificate = X509_new();

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               (const unsigned char *) name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    g_assert_cmpint(X509_sign(certificate, key, EVP_sha256()), >, 0);
    return certificate;
}
