// The system's browser in a session that ends at our own https address, so that no other app can take the answer.
import AuthenticationServices
import TechoKit
import UIKit

@MainActor
final class WebBrowser: NSObject, Browser, ASWebAuthenticationPresentationContextProviding {
    private var session: ASWebAuthenticationSession?

    func visit(_ address: URL) async throws(BrowserError) -> URL {
        guard #available(iOS 17.4, *), let host = setting("TechoRedirectHost"), let path = setting("TechoRedirectPath")
        else {
            // Before 17.4 the answer comes as a universal link, which the app takes by itself.
            guard await UIApplication.shared.open(address) else { throw .unavailable }
            throw .closed
        }
        let result: Result<URL, BrowserError> = await withCheckedContinuation { continuation in
            let session = ASWebAuthenticationSession(url: address, callback: .https(host: host, path: path)) {
                back, error in
                if let back {
                    continuation.resume(returning: .success(back))
                } else {
                    let code = (error as? ASWebAuthenticationSessionError)?.code
                    continuation.resume(returning: .failure(code == .canceledLogin ? .closed : .unavailable))
                }
            }
            session.presentationContextProvider = self
            // Whoever logged in before is nobody's business in this one.
            session.prefersEphemeralWebBrowserSession = true
            self.session = session
            if !session.start() { continuation.resume(returning: .failure(.unavailable)) }
        }
        session = nil
        return try result.get()
    }

    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor {
        let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
        return scenes.flatMap(\.windows).first(where: \.isKeyWindow) ?? ASPresentationAnchor()
    }

    private func setting(_ name: String) -> String? {
        let text = Bundle.main.object(forInfoDictionaryKey: name) as? String
        return text?.isEmpty == false ? text : nil
    }
}
