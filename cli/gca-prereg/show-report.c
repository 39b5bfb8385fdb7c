#include "config.h"

#include "cli/gca-prereg/show-report.h"

#include "base/text.h"
#include "cli/common/output.h"
#include "cli/common/show-holder.h"
#include "cli/gca-prereg/show-request.h"

#include <glib/gi18n.h>

static void
print_check(const GcaCheck *check)
{
    if (check->error != NULL)
        gca_output_print(_("  [BAD] %s: %s\n"), check->title, check->error->message);
    else if (check->note != NULL)
        gca_output_print(_("  [none] %s: %s\n"), check->title, check->note);
    else if (check->remark != NULL)
        gca_output_print(_("  [good] %s: %s\n"), check->title, check->remark);
    else
        gca_output_print(_("  [good] %s\n"), check->title);
}

void
gca_print_report(const GcaReport *report)
{
    GcaHolder *holder = gca_report_get_holder(report);
    GcaRequest *request = gca_report_get_request(report);
    GDateTime *time = gca_report_get_signing_time(report);
    GPtrArray *checks = gca_report_get_checks(report);
    g_autoptr(GString) out = g_string_new(NULL);

    if (request != NULL) {
        g_autofree char *text = gca_show_request(request, 0);
        gca_output_print("%s\n%s\n", _("Request"), text);
    }
    if (holder != NULL) {
        g_autofree char *text = gca_show_holder(holder);
        gca_output_print("%s\n%s", _("Signed by"), text);
    }
    if (time != NULL) {
        g_autofree char *moment = gca_text_moment(time);
        gca_output_add_field(out, _("Signed at"), moment);
    }
    g_autofree char *groups = gca_text_group_hex(gca_report_get_sha256(report));
    gca_output_add_field(out, "SHA-256", groups);
    gca_output_print("%s\n%s\n", out->str, _("Checks"));
    for (guint i = 0; i < checks->len; i++)
        print_check(g_ptr_array_index(checks, i));
}

void
gca_print_verdict(const GError *verdict)
{
    if (verdict == NULL)
        gca_output_print("\n%s\n", _("ACCEPTABLE: every check holds."));
    else
        gca_output_print(_("\nNOT ACCEPTABLE: %s\n"), verdict->message);
}

static json_t *
check_to_json(const GcaCheck *check)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", json_string(check->name));
    json_object_set_new(object, "passed", json_boolean(check->error == NULL));
    json_object_set_new(object, "message",
                        gca_output_json_string(check->error ? check->error->message : NULL));
    json_object_set_new(object, "remark", gca_output_json_string(check->remark));
    return object;
}

/* "failed" if there is one that does not hold; NULL: nothing is known. */
static const char *
get_proof_word(GPtrArray *checks)
{
    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i);
        if (g_str_equal(check->name, "proof"))
            return check->note ? "none" : check->error ? "failed" : "proven";
    }
    return NULL;
}

json_t *
gca_report_to_json(const GcaReport *report)
{
    GcaHolder *holder = gca_report_get_holder(report);
    GcaRequest *request = gca_report_get_request(report);
    GDateTime *time = gca_report_get_signing_time(report);
    GPtrArray *checks = gca_report_get_checks(report);
    g_autofree char *moment = time ? gca_text_time(time) : NULL;
    json_t *object = json_object(), *list = json_array();

    for (guint i = 0; i < checks->len; i++) {
        const GcaCheck *check = g_ptr_array_index(checks, i);
        if (check->note == NULL)
            json_array_append_new(list, check_to_json(check));
    }
    json_object_set_new(object, "accepted", json_boolean(gca_report_get_verdict(report) == NULL));
    json_object_set_new(object, "checks", list);
    json_object_set_new(object, "proof", gca_output_json_string(get_proof_word(checks)));
    json_object_set_new(object, "holder", holder ? gca_holder_to_json(holder) : json_null());
    json_object_set_new(object, "request", request ? gca_request_to_json(request) : json_null());
    json_object_set_new(object, "signing_time", gca_output_json_string(moment));
    json_object_set_new(object, "sha256", json_string(gca_report_get_sha256(report)));
    return object;
}
