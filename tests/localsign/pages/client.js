/* A client of the component as public pages have them, written from what is publicly known of the interface. */
"use strict";

const SERVICE = "http://localhost:61161";
const PATIENCE_MS = 3500; /* what public pages give the popup to speak */
const escapes = {
    uri: encodeURIComponent,
    plus: (text) => text.replace(/\+/g, "%2B"),
    none: (text) => text,
};
let order = {}; /* set by the test */
let escape = "none";
let popup = null;
let timer = 0;

function show(text) {
    document.getElementById("result").textContent = text;
}

function packed() {
    const copy = Object.assign({}, order);
    for (const name of ["tbs", "pin"]) {
        if (name in copy)
            copy[name] = escapes[escape](copy[name]);
    }
    return JSON.stringify(copy);
}

window.addEventListener("message", function (event) {
    if (event.origin !== SERVICE)
        return;
    if (JSON.parse(event.data).func !== "getTbs") {
        show(event.data);
        return;
    }
    clearTimeout(timer);
    popup.postMessage(packed(), "*");
});

document.getElementById("popup").onclick = function () {
    show("");
    popup = window.open(SERVICE + "/popupForm", "popup", "width=400,height=300");
    timer = setTimeout(() => show("not installed"), PATIENCE_MS);
};

const paths = { MakeSignature: "/sign", GetUserCert: "/pkcs11info?withcert=true", CheckEnvir: "/pkcs11info" };

document.getElementById("fetch").onclick = function () {
    const body = order.func === "MakeSignature" ? "tbsPackage=" + packed() : undefined;
    show("");
    fetch(SERVICE + paths[order.func], {
        method: body === undefined ? "GET" : "POST",
        headers: body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" },
        body: body,
    }).then((response) => response.text()).then(show, (error) => show("failed: " + error));
};

function read(image) {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    let text = "";
    canvas.width = 2000;
    canvas.height = 1;
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, 2000, 1).data;
    /* the file has blue, green, red */
    for (let i = 0; i < pixels.length && pixels[i + 2] !== 0; i += 4)
        text += String.fromCharCode(pixels[i + 2], pixels[i + 1], pixels[i]);
    return text;
}

document.getElementById("image").onclick = function () {
    const image = new Image();
    show("");
    image.crossOrigin = "Anonymous";
    image.onload = () => show(read(image));
    image.onerror = () => show("failed");
    image.src = SERVICE + "/p11Image.bmp" + (order.func === "GetUserCert" ? "?withcert=true" : "");
};
