// The system's document picker, share sheet and printing.
import TechoKit
import UIKit
import UniformTypeIdentifiers

/// The view controller that is on top, to show a sheet on.
@MainActor
private func topController() -> UIViewController? {
    let scenes = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }
    var top = scenes.flatMap(\.windows).first(where: \.isKeyWindow)?.rootViewController
    while let next = top?.presentedViewController { top = next }
    return top
}

@MainActor
final class FilePicker: NSObject, DocumentPicker, UIDocumentPickerDelegate {
    private var waiting: CheckedContinuation<URL?, Never>?

    func pick() async -> PickedFile? {
        // The file stays where it is: a copy of a large file would be made before anybody has looked at its size.
        let picker = UIDocumentPickerViewController(forOpeningContentTypes: [.data, .image, .archive], asCopy: false)
        guard let url = await shown(picker) else { return nil }
        let isScoped = url.startAccessingSecurityScopedResource()
        return PickedFile(path: url.path, name: url.lastPathComponent) {
            if isScoped { url.stopAccessingSecurityScopedResource() }
        }
    }

    func place(_ file: URL) async -> Bool {
        await shown(UIDocumentPickerViewController(forExporting: [file], asCopy: true)) != nil
    }

    private func shown(_ picker: UIDocumentPickerViewController) async -> URL? {
        guard waiting == nil, let top = topController() else { return nil }
        picker.delegate = self
        return await withCheckedContinuation { continuation in
            waiting = continuation
            top.present(picker, animated: true)
        }
    }

    func documentPicker(_ controller: UIDocumentPickerViewController, didPickDocumentsAt urls: [URL]) {
        finish(urls.first)
    }

    func documentPickerWasCancelled(_ controller: UIDocumentPickerViewController) {
        finish(nil)
    }

    private func finish(_ url: URL?) {
        waiting?.resume(returning: url)
        waiting = nil
    }
}

@MainActor
final class ActivitySheet: ShareSheet {
    func share(_ file: URL) async {
        guard let top = topController() else { return }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let sheet = UIActivityViewController(activityItems: [file], applicationActivities: nil)
            sheet.completionWithItemsHandler = { _, _, _, _ in continuation.resume() }
            sheet.popoverPresentationController?.sourceView = top.view
            top.present(sheet, animated: true)
        }
    }
}

@MainActor
final class PaperPrinter: Printer {
    func print(title: String, lines: [String]) async -> Bool {
        let text = ([title, ""] + lines).joined(separator: "\n")
        let formatter = UISimpleTextPrintFormatter(text: text)
        formatter.font = .monospacedSystemFont(ofSize: 14, weight: .regular)
        formatter.perPageContentInsets = UIEdgeInsets(top: 72, left: 72, bottom: 72, right: 72)
        let controller = UIPrintInteractionController.shared
        let info = UIPrintInfo.printInfo()
        // The queue of a printer shows the name of a job to others.
        info.jobName = "Techo"
        info.outputType = .grayscale
        controller.printInfo = info
        controller.printFormatter = formatter
        return await withCheckedContinuation { continuation in
            controller.present(animated: true) { _, isDone, _ in continuation.resume(returning: isDone) }
        }
    }
}
