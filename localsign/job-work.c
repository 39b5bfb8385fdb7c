#include "config.h"

#include "localsign/job-work.h"

#include "base/json.h"
#include "localsign/answer.h"

#include <string.h>

/* The card that the person has been shown, or what the module finds. */
static GcaCardChoice
choose_card(const GcaJobWork *work)
{
    const GcaSigner *signer = work->signer;
    gboolean has_number = signer != NULL && *signer->number != '\0';

    return (GcaCardChoice){
        .reader = signer ? signer->reader : NULL,
        .serial = has_number ? signer->number : NULL,
        .module = (char *) work->module,
    };
}

char *
gca_job_work_list(gpointer data)
{
    const GcaJobWork *work = data;
    const GcaCardChoice choice = choose_card(work);

    return gca_card_work_list(&choice, work->with_certificates, NULL);
}

char *
gca_job_work_sign(gpointer data)
{
    const GcaJobWork *work = data;
    const GcaCardChoice choice = choose_card(work);
    GcaSecret *pin = work->pin ? work->pin : work->order->pin;

    return gca_card_work_sign(&choice, work->order, pin, work->allow_last_try, NULL);
}

char *
gca_job_work_find(gpointer data)
{
    const GcaJobWork *work = data;
    const GcaCardChoice choice = choose_card(work);
    g_autoptr(GError) error = NULL;
    GcaSigner *signer = gca_card_work_find_signer(&choice, work->order, NULL, &error);

    if (signer == NULL)
        return gca_answer_of_error("sign", error);
    return gca_answer_to_text(json_pack(
        "{s:s, s:s, s:s, s:i, s:b}", "reader", signer->reader, "number", signer->number, "holder",
        signer->holder, "tries_left", signer->tries_left, "has_pin_pad", signer->has_pin_pad));
}

GcaSigner *
gca_job_work_read_signer(const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text ? text : "", text ? strlen(text) : 0);
    g_autoptr(json_t) object = gca_json_parse(bytes, "signer", NULL);
    const char *reader, *number, *holder;
    int tries_left, has_pin_pad;

    if (json_unpack(object, "{s:s, s:s, s:s, s:i, s:b}", "reader", &reader, "number", &number,
                    "holder", &holder, "tries_left", &tries_left, "has_pin_pad", &has_pin_pad) < 0)
        return NULL;
    GcaSigner *signer = g_new0(GcaSigner, 1);
    signer->reader = g_strdup(reader);
    signer->number = g_strdup(number);
    signer->holder = g_strdup(holder);
    signer->tries_left = tries_left;
    signer->has_pin_pad = has_pin_pad;
    return signer;
}

void
gca_job_work_clear(GcaJobWork *work)
{
    g_clear_pointer(&work->order, gca_order_free);
    g_clear_pointer(&work->pin, gca_secret_unref);
    g_clear_pointer(&work->signer, gca_signer_free);
}
