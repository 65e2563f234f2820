// Prints the core's pages and turns its drawings into pixels, with the system's own web view: no script, nothing from elsewhere.
import TechoKit
import UIKit
import WebKit

@MainActor
final class WebPress: NSObject, PagePress, WKNavigationDelegate {
    /// The lock screen's picture, as the core draws it.
    private static let picture = CGSize(width: 1080, height: 2160)
    /// A4 in points.
    private static let paper = CGSize(width: 595, height: 842)

    private var loading: CheckedContinuation<Bool, Never>?

    func print(page: String) async -> Bool {
        guard let view = await loaded(page, Self.paper) else { return false }
        let controller = UIPrintInteractionController.shared
        let info = UIPrintInfo.printInfo()
        // The queue of a printer shows the name of a job to others.
        info.jobName = "Techo"
        info.outputType = .general
        controller.printInfo = info
        controller.printFormatter = view.viewPrintFormatter()
        return await withCheckedContinuation { continuation in
            controller.present(animated: true) { _, isDone, _ in continuation.resume(returning: isDone) }
        }
    }

    func pixels(of drawing: String) async -> Data? {
        let page = "<!DOCTYPE html><meta charset=\"utf-8\"><style>body{margin:0}svg{width:100%}</style>\(drawing)"
        guard let view = await loaded(page, Self.picture) else { return nil }
        let wish = WKSnapshotConfiguration()
        wish.snapshotWidth = NSNumber(value: Double(Self.picture.width))
        return try? await view.takeSnapshot(configuration: wish).pngData()
    }

    private func loaded(_ page: String, _ size: CGSize) async -> WKWebView? {
        guard loading == nil else { return nil }
        let wish = WKWebViewConfiguration()
        wish.defaultWebpagePreferences.allowsContentJavaScript = false
        // Nothing of it is kept.
        wish.websiteDataStore = .nonPersistent()
        let view = WKWebView(frame: CGRect(origin: .zero, size: size), configuration: wish)
        view.navigationDelegate = self
        let isLoaded = await withCheckedContinuation { continuation in
            loading = continuation
            view.loadHTMLString(page, baseURL: nil)
        }
        return isLoaded ? view : nil
    }

    func webView(_ webView: WKWebView, didFinish navigation: WKNavigation!) { finish(true) }

    func webView(_ webView: WKWebView, didFail navigation: WKNavigation!, withError error: any Error) { finish(false) }

    func webView(
        _ webView: WKWebView, didFailProvisionalNavigation navigation: WKNavigation!, withError error: any Error
    ) {
        finish(false)
    }

    func webViewWebContentProcessDidTerminate(_ webView: WKWebView) { finish(false) }

    private func finish(_ isLoaded: Bool) {
        loading?.resume(returning: isLoaded)
        loading = nil
    }
}
