// Addresses: as values, as bytes, as text, and the networks they are in.
import { inet, inet6, inet_aton, inet_ntoa, kindOf, packAddress, parseEndpoint, prefix, unpackAddress } from 'berkeley'

const address = parseEndpoint('[fe80::1%1]:80')
console.log(address.equals(inet6('fe80::1', 80, { scope: 1 })))
console.log(packAddress(inet('127.0.0.1', 80)).length, String(unpackAddress(packAddress(address))))
console.log(inet_ntoa(inet_aton('0x7f.1')))

const office = prefix('192.168.0.0/16')
for (const host of ['192.168.7.7', '::ffff:192.168.7.7', '1.1.1.1']) {
  console.log(host, office.contains(host), kindOf(host))
}
