// The last known position of the notebook, in the keychain of this device: an older copy of the files cannot bring an
// older keychain with it.
import Foundation
import Security
import TechoKit

struct KeychainWitness: Witness {
    private var query: [CFString: Any] {
        [
            kSecClass: kSecClassGenericPassword, kSecAttrService: "jp.techo.notebook.position",
            kSecAttrAccount: "vault",
        ]
    }

    func remembered() async -> Data? {
        var query = self.query
        query[kSecReturnData] = true
        var found: CFTypeRef?
        guard SecItemCopyMatching(query as CFDictionary, &found) == errSecSuccess else { return nil }
        return found as? Data
    }

    func remember(_ position: Data) async {
        let value = [kSecValueData: position] as CFDictionary
        if SecItemUpdate(query as CFDictionary, value) == errSecItemNotFound {
            var fresh = query
            fresh[kSecValueData] = position
            fresh[kSecAttrAccessible] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
            SecItemAdd(fresh as CFDictionary, nil)
        }
    }

    func forget() async {
        SecItemDelete(query as CFDictionary)
    }
}
