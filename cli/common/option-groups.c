#include "config.h"

#include "cli/common/invocation-private.h"

#include <glib/gi18n.h>

/* GLib takes “--yes=no” for “--yes”. */
static void
look_for_value(GcaInvocation *invocation, const char *option)
{
    g_autofree char *with_value = g_strdup_printf("--%s=", option);

    for (guint i = 1; invocation->argv[i] != NULL && !g_str_equal(invocation->argv[i], "--"); i++) {
        if (g_str_has_prefix(invocation->argv[i], with_value))
            invocation->switch_with_value = option;
    }
}

void
gca_option_groups_add_entries(GcaInvocation *invocation, GOptionContext *context,
                              const GOptionEntry *entries)
{
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        if (entry->arg == G_OPTION_ARG_NONE)
            look_for_value(invocation, entry->long_name);
    }
}

static void
add_card_options(GcaInvocation *invocation, GOptionContext *context)
{
    GcaCardChoice *choice = &invocation->choice;
    const GOptionEntry entries[] = {{"reader", 'r', 0, G_OPTION_ARG_FILENAME, &choice->reader,
                                     N_("The reader that holds the card (or a part of its name)"),
                                     N_("NAME")},
                                    {"serial", 's', 0, G_OPTION_ARG_FILENAME, &choice->serial,
                                     N_("The card by its number"), N_("NUMBER")},
                                    {"token", 't', 0, G_OPTION_ARG_FILENAME, &choice->token,
                                     N_("The card by its PKCS#11 URI (RFC 7512)"), N_("URI")},
                                    {"module", 'm', 0, G_OPTION_ARG_FILENAME, &choice->module,
                                     N_("The PKCS#11 module to use"), N_("PATH")},
                                    G_OPTION_ENTRY_NULL};
    gca_option_groups_add_entries(invocation, context, entries);
}

static void
add_pin_options(GcaInvocation *invocation, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"pin-file", 0, 0, G_OPTION_ARG_FILENAME, &invocation->pin_file,
         N_("Read the PIN from the first line of a file"), N_("FILE")},
        {"pin-fd", 0, 0, G_OPTION_ARG_INT, &invocation->login.pin_fd,
         N_("Read the PIN from an open file descriptor"), N_("N")},
        {"allow-last-try", 0, 0, G_OPTION_ARG_NONE, &invocation->login.allow_last_try,
         N_("Send the PIN even if a wrong one would block the card"), NULL},
        G_OPTION_ENTRY_NULL};
    gca_option_groups_add_entries(invocation, context, entries);
}

static void
add_profile_option(GcaInvocation *invocation, GOptionContext *context)
{
    const GOptionEntry entries[] = {{"profile", 'p', 0, G_OPTION_ARG_FILENAME, &invocation->profile,
                                     N_("The profile of the CA: gtlsca, twca, …"), N_("NAME")},
                                    G_OPTION_ENTRY_NULL};
    gca_option_groups_add_entries(invocation, context, entries);
}

static void
add_contact_options(GcaInvocation *invocation, GOptionContext *context)
{
    char **contact = invocation->contact;
    const GOptionEntry entries[] = {
        {"contact-name", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_NAME],
         N_("The person to ask"), N_("NAME")},
        {"contact-purpose", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_PURPOSE],
         N_("What the certificates are for"), N_("TEXT")},
        {"contact-email", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_EMAIL],
         N_("The person's official e-mail address"), N_("ADDRESS")},
        {"contact-postcode", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_POSTCODE],
         N_("Postcode, 3, 5 or 6 digits"), N_("DIGITS")},
        {"contact-address", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_ADDRESS],
         N_("Postal address"), N_("TEXT")},
        {"contact-phone", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_PHONE],
         N_("Official telephone number"), N_("NUMBER")},
        {"contact-fax", 0, 0, G_OPTION_ARG_FILENAME, &contact[GCA_CONTACT_FAX],
         N_("Official fax number"), N_("NUMBER")},
        G_OPTION_ENTRY_NULL};
    gca_option_groups_add_entries(invocation, context, entries);
}

static void
add_passphrase_options(GcaInvocation *invocation, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &invocation->passphrase_file,
         N_("Read the passphrase from the first line of a file"), N_("FILE")},
        {"passphrase-fd", 0, 0, G_OPTION_ARG_INT, &invocation->passphrase.fd,
         N_("Read the passphrase from an open file descriptor"), N_("N")},
        G_OPTION_ENTRY_NULL};
    gca_option_groups_add_entries(invocation, context, entries);
}

static void
add_common_options(GcaInvocation *invocation, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &invocation->json, N_("Answer in JSON"), NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &invocation->quiet,
         N_("Say only what is asked for, and errors"), NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &invocation->verbose,
         N_("Say what is done, and give the details of errors"), NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &invocation->version, N_("Show the version"), NULL},
        {"help", 'h', 0, G_OPTION_ARG_NONE, &invocation->help, N_("Show this help"), NULL},
        G_OPTION_ENTRY_NULL};
    gca_option_groups_add_entries(invocation, context, entries);
}

void
gca_option_groups_add(GcaInvocation *invocation, GOptionContext *context, GcaOptionGroups groups)
{
    if (groups & GCA_OPTIONS_CONTACT)
        add_contact_options(invocation, context);
    if (groups & GCA_OPTIONS_PROFILE)
        add_profile_option(invocation, context);
    if (groups & GCA_OPTIONS_CARD)
        add_card_options(invocation, context);
    if (groups & GCA_OPTIONS_PIN)
        add_pin_options(invocation, context);
    if (groups & GCA_OPTIONS_PASSPHRASE)
        add_passphrase_options(invocation, context);
    add_common_options(invocation, context);
}
