/* A page of the older kind: looks at the reader through the image, again and again, and signs through the popup, escaping
 * twice: the members, and then each “+” of the whole. */
var HOST = "http://localhost:61161";
var target = null, waiting = 0, known = "";

var $ = function (id) {
    return document.getElementById(id);
};

function reason(ret) {
    var major = ret.ret_code < 0 ? ret.ret_code + 0x100000000 : ret.ret_code;
    return "0x" + major.toString(16).toUpperCase() + (ret.last_error ? "/" + ret.last_error : "");
}

/* ---- readers ---- */

function pixelsToText(context) {
    var text = "", i, pixel;
    for (i = 0; i < 2000; i++) {
        pixel = context.getImageData(i, 0, 1, 1).data;
        if (pixel[2] == 0) break;
        text = text + String.fromCharCode(pixel[2], pixel[1], pixel[0]);
    }
    return text;
}

function fillReaders(slots) {
    var list = "", i;
    for (i = 0; i < slots.length; i++) {
        if (slots[i].token instanceof Object)
            list += "<option>" + slots[i].slotDescription + "</option>";
    }
    if (list != known) $("reader").innerHTML = known = list;
    $("state").innerHTML = list == "" ? "請插入IC卡" : "已插入IC卡";
}

function look() {
    var image = document.createElement("img");
    image.crossOrigin = "Anonymous";
    image.onload = function () {
        var canvas = document.createElement("canvas"), context = canvas.getContext("2d"), ret;
        canvas.width = 2000;
        canvas.height = 1;
        context.drawImage(image, 0, 0);
        ret = JSON.parse(pixelsToText(context));
        if (ret.ret_code != 0) $("state").innerHTML = reason(ret);
        else fillReaders(ret.slots);
        setTimeout(look, 300);
    };
    image.onerror = function () {
        $("state").innerHTML = "未安裝元件";
        setTimeout(look, 300);
    };
    image.src = HOST + "/p11Image.bmp?" + new Date().getTime();
}

function start() {
    look();
}

/* ---- signature ---- */

function makePackage() {
    var data = {};
    data["tbs"] = encodeURIComponent($("content").value);
    data["tbsEncoding"] = "NONE";
    data["hashAlgorithm"] = "SHA256";
    data["withCardSN"] = "true";
    data["slotDescription"] = $("reader").value;
    data["pin"] = encodeURIComponent($("pin").value);
    data["nonce"] = "";
    data["func"] = "MakeSignature";
    data["signatureType"] = "PKCS7";
    return JSON.stringify(data).replace(/\+/g, "%2B");
}

function notInstalled() {
    if (target) target.close();
    $("result").innerHTML = "未安裝元件";
}

function signForm() {
    $("result").innerHTML = "";
    target = window.open(HOST + "/ChtPopupForm", "sign", "height=200, width=200, left=100, top=20");
    waiting = setTimeout("notInstalled()", 3500);
}

function onMessage(event) {
    var ret;
    if (event.origin != HOST) return;
    try {
        ret = JSON.parse(event.data);
    } catch (e) {
        return;
    }
    if (ret.func == "getTbs") {
        clearTimeout(waiting);
        target.postMessage(makePackage(), "*");
    } else if (ret.func == "sign") {
        $("signature").value = ret.ret_code == 0 ? ret.signature : "";
        $("result").innerHTML = ret.ret_code == 0 ? "簽章完成 " + ret.cardSN : "簽章失敗 " + reason(ret);
        $("pin").value = "";
    }
}

if (window.addEventListener) window.addEventListener("message", onMessage, false);
else window.attachEvent("onmessage", onMessage);
