/** Certificates for tests of TLS, made on the spot: an authority and what it signs. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import forge from "node-forge";

/** A certificate and its key, as PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

/** Whom a certificate is for. */
export interface Subject {
  readonly commonName: string;
  readonly hostNames?: readonly string[];
  readonly addresses?: readonly string[];
  /** No longer valid. */
  readonly expired?: boolean;
}

/** Signs certificates. */
export interface Authority {
  /** Its own certificate, as PEM. */
  readonly certificate: string;
  issue(subject: Subject): Certified;
}

const day = 86_400_000;

/** An authority nobody has heard of. */
export function createAuthority(commonName: string): Authority {
  const keys = generateKeys();
  const own = createCertificate(keys.publicKey, { commonName }, commonName, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
  ]);
  own.sign(keys.privateKey, forge.md.sha256.create());
  return {
    certificate: forge.pki.certificateToPem(own),
    issue(subject) {
      const { publicKey, privateKey } = generateKeys();
      const altNames = [
        ...(subject.hostNames ?? []).map((value) => ({ type: 2, value })),
        ...(subject.addresses ?? []).map((ip) => ({ type: 7, ip })),
      ];
      const extensions = altNames.length === 0 ? [] : [{ name: "subjectAltName", altNames }];
      const certificate = createCertificate(publicKey, subject, commonName, extensions);
      certificate.sign(keys.privateKey, forge.md.sha256.create());
      return {
        certificate: forge.pki.certificateToPem(certificate),
        key: forge.pki.privateKeyToPem(privateKey),
      };
    },
  };
}

/** Node makes keys much faster than forge. */
function generateKeys(): forge.pki.rsa.KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(publicKey),
    privateKey: forge.pki.privateKeyFromPem(privateKey),
  };
}

function createCertificate(
  publicKey: forge.pki.rsa.PublicKey,
  { commonName, expired = false }: Subject,
  issuer: string,
  extensions: object[],
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = `01${randomBytes(8).toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - 2 * day);
  certificate.validity.notAfter = new Date(Date.now() + (expired ? -day : day));
  certificate.setSubject([{ name: "commonName", value: commonName }]);
  certificate.setIssuer([{ name: "commonName", value: issuer }]);
  certificate.setExtensions(extensions);
  return certificate;
}
