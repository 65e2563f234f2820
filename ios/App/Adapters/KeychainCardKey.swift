// The key of the emergency cards, in the keychain of this device. It asks for no face and no code on purpose: the card is for
// whoever finds its owner. It opens nothing of the notebook, and is in no backup.
import Foundation
import Security
import TechoKit

struct KeychainCardKey: CardKey {
    private var query: [CFString: Any] {
        [
            kSecClass: kSecClassGenericPassword, kSecAttrService: "jp.techo.notebook.card", kSecAttrAccount: "card",
        ]
    }

    func secret() async -> Data? {
        var query = self.query
        query[kSecReturnData] = true
        var found: CFTypeRef?
        guard SecItemCopyMatching(query as CFDictionary, &found) == errSecSuccess else { return nil }
        return found as? Data
    }

    func keep(_ secret: Data) async -> Bool {
        await forget()
        var fresh = query
        fresh[kSecValueData] = secret
        fresh[kSecAttrAccessible] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
        return SecItemAdd(fresh as CFDictionary, nil) == errSecSuccess
    }

    func forget() async {
        SecItemDelete(query as CFDictionary)
    }
}
