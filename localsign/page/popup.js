/* The handshake of docs/localsign.md: ask the opener, call the service once, answer, close. */
"use strict";

(function () {
    const body = document.body;
    const status = document.getElementById("status");
    const opener = window.opener;
    const calls = {
        MakeSignature: "/sign",
        GetUserCert: "/pkcs11info?withcert=true",
        CheckEnvir: "/pkcs11info",
        DecryptData: "/decrypt",
    };
    let site = null; /* the one origin that is heard and answered, once it has spoken */

    function say(what) {
        status.textContent = body.dataset[what];
    }

    function pathOf(text) {
        try {
            const func = JSON.parse(text).func;
            return Object.hasOwn(calls, func) ? calls[func] : null;
        } catch (error) {
            return null;
        }
    }

    async function call(path, text) {
        const response = await fetch(path, {
            method: "POST",
            cache: "no-store",
            headers: {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Gca-Token": body.dataset.token,
                "X-Gca-Site": site,
            },
            /* As it stands: the page has escaped it in its own way, for this. */
            body: "tbsPackage=" + text,
        });
        return response.text();
    }

    window.addEventListener("message", function (event) {
        if (event.source !== opener || site !== null || typeof event.data !== "string")
            return;
        const path = pathOf(event.data);
        if (path === null)
            return;
        site = event.origin;
        document.getElementById("site").textContent = site;
        if (!/^https?:/.test(site)) {
            say("stranger");
            return;
        }
        say("working");
        call(path, event.data).then(function (answer) {
            opener.postMessage(answer, site);
            window.close();
        }, function () {
            say("failed");
        });
    });

    if (opener === null) {
        say("alone");
        return;
    }
    say("asking");
    opener.postMessage('{"func":"getTbs"}', "*");
})();
