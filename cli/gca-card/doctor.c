#include "config.h"

#include "flow/doctor.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-card/commands.h"

#include <glib/gi18n.h>

static const char *
state_to_string(GcaFindingState state)
{
    switch (state) {
    case GCA_FINDING_OK:
        return _("good");
    case GCA_FINDING_WARNING:
        return _("note");
    case GCA_FINDING_FAILED:
        return _("FAULT");
    case GCA_FINDING_SKIPPED:
        return _("—");
    }
    return "";
}

static void
print_finding(const GcaFinding *finding)
{
    g_autofree char *line =
        g_strdup_printf("[%s] %s%s%s", state_to_string(finding->state), finding->text,
                        finding->fix ? "\n→ " : "", finding->fix ? finding->fix : "");
    g_autoptr(GString) out = g_string_new(NULL);
    gca_output_add_field(out, finding->title, line);
    gca_output_print("%s", out->str);
}

static json_t *
finding_to_json(const GcaFinding *finding)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", json_string(finding->name));
    json_object_set_new(object, "state", json_string(gca_finding_state_to_nick(finding->state)));
    json_object_set_new(object, "text", json_string(finding->text));
    json_object_set_new(object, "fix", gca_output_json_string(finding->fix));
    return object;
}

/* The first failure gives the exit status: those behind it often follow from it. */
static gboolean
conclude(GPtrArray *findings, GError **error)
{
    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        if (finding->state != GCA_FINDING_FAILED)
            continue;
        gca_error_set(error, finding->code, _("The first thing to mend: %s."), finding->title);
        gca_error_set_hint(error, finding->fix);
        return FALSE;
    }
    return TRUE;
}

gboolean
gca_card_doctor(GcaInvocation *invocation, GError **error)
{
    if (!gca_invocation_parse(invocation, NULL, GCA_OPTIONS_CARD | GCA_OPTIONS_PROFILE, 0, error))
        return FALSE;
    g_autoptr(GcaProfile) profile = gca_invocation_find_profile(invocation, NULL, error);
    if (profile == NULL)
        return FALSE;

    g_autoptr(GPtrArray) findings =
        gca_doctor_examine(gca_invocation_get_card_choice(invocation), profile,
                           gca_invocation_get_cancellable(invocation));
    json_t *list = json_array();
    for (guint i = 0; i < findings->len; i++) {
        if (gca_invocation_is_json(invocation))
            json_array_append_new(list, finding_to_json(g_ptr_array_index(findings, i)));
        else
            print_finding(g_ptr_array_index(findings, i));
    }
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{sO}", "findings", list));
    json_decref(list);
    return conclude(findings, error);
}
