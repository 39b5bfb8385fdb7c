/* A page of the newer kind: fetch alone, forms that the browser encodes, and a bare signature over text and nonce. */
const service = new URL("http://localhost:61161/");

const majors = new Map([
    [0x76000006, "未插入IC卡"],
    [0x76000031, "非信任網站"],
    [0x76000999, "使用者已取消動作"],
    [0x76100003, "無可用讀卡機"],
    [0x76100006, "IC卡登入失敗"],
]);
const minors = new Map([[160, "PIN碼錯誤"], [164, "已鎖卡"], [-2147483647, "剩餘一次機會"], [-2147483646, "剩餘兩次機會"]]);

class SigningError extends Error {
    constructor({ ret_code: major, last_error: minor }) {
        super([majors.get(major) ?? major.toString(16), minors.get(minor)].filter(Boolean).join("："));
    }
}

async function ask(path, members) {
    const response = await fetch(new URL(path, service), {
        method: "POST",
        mode: "cors",
        credentials: "omit",
        body: new URLSearchParams(members ? { tbsPackage: JSON.stringify(members) } : {}),
        signal: AbortSignal.timeout(120000),
    });
    if (!response.ok)
        throw new Error(`HTTP ${response.status}`);
    const answer = await response.json();
    if (answer.ret_code !== 0)
        throw new SigningError(answer);
    return answer;
}

async function findCard() {
    const { slots } = await ask("pkcs11info?withcert=true");
    for (const { slotDescription, token } of slots) {
        const certificate = token?.certs?.find(({ usage }) => usage.split("|").includes("digitalSignature"));
        if (certificate)
            return { slotDescription, certificate };
    }
    throw new Error("找不到可簽章的憑證");
}

async function sign() {
    const { slotDescription, certificate } = await findCard();
    const nonce = crypto.getRandomValues(new Uint32Array(2)).join("-");
    const tbs = `${document.querySelector("#content").value}&nonce=${nonce}`;
    const { signature, certb64 } = await ask("sign", {
        tbs, nonce, slotDescription,
        pin: document.querySelector("#pin").value,
        signatureType: "PKCS1",
        hashAlgorithm: "SHA384",
        withCardSN: false,
        withSigningTime: false,
    });
    if (certb64 !== certificate.certb64)
        throw new Error("憑證不符");
    return { tbs, signature, certb64 };
}

document.querySelector("#login").addEventListener("click", async () => {
    const output = document.querySelector("#result");
    output.value = "";
    try {
        output.value = JSON.stringify(await sign());
    } catch (error) {
        output.value = `${error.name === "Error" ? "登入失敗" : error.name}：${error.message}`;
    }
});
