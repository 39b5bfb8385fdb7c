# For tests and the demonstration: a Pebble server (https://github.com/letsencrypt/pebble) on this
# computer. gtlsca.profile explains the keys.

[profile]
Title=Test with Pebble on this computer
Title[zh_TW]=本機 Pebble 測試

[acme]
Directory=https://localhost:14000/dir
Accounts=https://localhost:*/my-account/?*;https://127.0.0.1:*/my-account/?*
Challenges=http-01
ChallengePorts=80;443

[preregistration]
NextStep=This profile is for tests only: there is nobody to send the file to.
NextStep[zh_TW]=此設定檔僅供測試，無須送出檔案。
MaxCharacters=900

[names]
Wildcard=false
IpAddress=true
PerCertificate=100

[subject]
Country=TW
Locality=臺灣
OrganizationSeparator=-
OrganizationParts=O;OU
LocalParts=L;O;OU
LocalPartsConfirmed=false

[keys]
Types=RSA
Bits=2048;3072;4096

[trust]
Note=This profile is for tests only: nobody trusts certificates from Pebble.
Note[zh_TW]=此設定檔僅供測試：Pebble 簽發的憑證不受任何人信賴。

[letter]
Addressee=測試憑證機關

[renewal]
LifetimePercent=67

[card]
RenewalPlace=GCA counter, https://gca.nat.gov.tw/
RenewalPlace[zh_TW]=GCA 服務窗口，https://gca.nat.gov.tw/
UnblockPlace=Only the GCA counter or GCA's web page can unblock it: https://gca.nat.gov.tw/
UnblockPlace[zh_TW]=僅能由 GCA 服務窗口或其網頁解鎖：https://gca.nat.gov.tw/
