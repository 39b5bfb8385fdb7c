/* Readers and cards in short, after a click of the person on this very page. */
"use strict";

(function () {
    const body = document.body;
    const button = document.getElementById("look");
    const list = document.getElementById("found");
    let token = body.dataset.token;

    function add(text) {
        const item = document.createElement("li");
        item.textContent = text;
        list.append(item);
    }

    function describe(slot) {
        if (!Object.hasOwn(slot, "token"))
            return body.dataset.empty;
        if (typeof slot.token === "string")
            return body.dataset.unknown;
        return body.dataset.card + " " + slot.token.serialNumber;
    }

    function show(answer) {
        if (answer.ret_code !== 0)
            add(body.dataset.fault + " 0x" + (answer.ret_code >>> 0).toString(16).toUpperCase());
        for (const slot of answer.slots || [])
            add(slot.slotDescription + ": " + describe(slot));
        if (answer.ret_code === 0 && (answer.slots || []).length === 0)
            add(body.dataset.none);
    }

    async function look() {
        const response = await fetch("/pkcs11info", {
            method: "POST",
            cache: "no-store",
            headers: { "X-Gca-Token": token },
        });
        token = response.headers.get("X-Gca-Token") || "";
        return response.json();
    }

    button.addEventListener("click", function () {
        button.disabled = true;
        list.replaceChildren();
        look().then(show, function () {
            add(body.dataset.failed);
        }).finally(function () {
            button.disabled = false;
        });
    });
})();
