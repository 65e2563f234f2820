// The device slot: a key that never leaves the Secure Enclave seals the secret, and only the face or finger that is
// enrolled now brings it out. When faces or fingers change the system destroys the key, and so the sealed bytes are dead:
// the passphrase or the recovery kit opens then.
import Foundation
import LocalAuthentication
import Security
import TechoKit

struct EnclaveLock: DeviceLock {
    /// Where the sealed secret lies. Without the enclave's key it is worth nothing.
    let sealed: URL

    private static let tag = Data("jp.techo.notebook.device-slot".utf8)
    private static var algorithm: SecKeyAlgorithm { .eciesEncryptionCofactorVariableIVX963SHA256AESGCM }

    func isAvailable() async -> Bool {
        var error: NSError?
        return LAContext().canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: &error)
    }

    func holdsSecret() async -> Bool {
        FileManager.default.fileExists(atPath: sealed.path)
    }

    func seal(_ secret: Data) async throws(DeviceLockError) {
        removeKey()
        guard let key = makeKey(), let open = SecKeyCopyPublicKey(key),
            let bytes = SecKeyCreateEncryptedData(open, Self.algorithm, secret as CFData, nil)
        else { throw .unavailable }
        do {
            try (bytes as Data).write(to: sealed, options: [.atomic, .completeFileProtection])
        } catch {
            throw .unavailable
        }
    }

    func unseal(reason: String) async throws(DeviceLockError) -> Data {
        guard let bytes = try? Data(contentsOf: sealed) else { throw .changed }
        let context = LAContext()
        do {
            guard try await context.evaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, localizedReason: reason)
            else { throw DeviceLockError.cancelled }
        } catch let error as LAError {
            throw Self.meaning(of: error)
        } catch {
            throw .unavailable
        }
        guard let key = findKey(context) else { throw .changed }
        guard let secret = SecKeyCreateDecryptedData(key, Self.algorithm, bytes as CFData, nil) else { throw .changed }
        return secret as Data
    }

    func forget() async {
        removeKey()
        try? FileManager.default.removeItem(at: sealed)
    }

    private static func meaning(of error: LAError) -> DeviceLockError {
        switch error.code {
        case .userCancel, .appCancel, .systemCancel, .userFallback: .cancelled
        case .biometryNotEnrolled, .passcodeNotSet: .changed
        default: .unavailable
        }
    }

    private func makeKey() -> SecKey? {
        guard
            let access = SecAccessControlCreateWithFlags(
                nil, kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly, [.privateKeyUsage, .biometryCurrentSet], nil)
        else { return nil }
        let attributes: [CFString: Any] = [
            kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
            kSecAttrKeySizeInBits: 256,
            kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
            kSecPrivateKeyAttrs: [
                kSecAttrIsPermanent: true, kSecAttrApplicationTag: Self.tag, kSecAttrAccessControl: access,
            ] as [CFString: Any],
        ]
        return SecKeyCreateRandomKey(attributes as CFDictionary, nil)
    }

    private func findKey(_ context: LAContext) -> SecKey? {
        var query = self.query
        query[kSecReturnRef] = true
        query[kSecUseAuthenticationContext] = context
        var found: CFTypeRef?
        guard SecItemCopyMatching(query as CFDictionary, &found) == errSecSuccess, let found,
            CFGetTypeID(found) == SecKeyGetTypeID()
        else { return nil }
        return unsafeDowncast(found, to: SecKey.self)
    }

    private func removeKey() {
        SecItemDelete(query as CFDictionary)
    }

    private var query: [CFString: Any] {
        [
            kSecClass: kSecClassKey, kSecAttrApplicationTag: Self.tag, kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
        ]
    }
}
