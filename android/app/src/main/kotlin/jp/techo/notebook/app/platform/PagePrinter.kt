package jp.techo.notebook.app.platform

import android.print.PrintAttributes
import android.print.PrintManager
import android.webkit.WebView
import android.webkit.WebViewClient
import androidx.activity.ComponentActivity
import jp.techo.notebook.R
import jp.techo.notebook.presentation.platform.Paper
import jp.techo.notebook.presentation.platform.PrintPage

/**
 * Prints a page of HTML by the phone's own web view, which is never seen. The page has no script, and the view would run none; it reads
 * no file and nothing from the network.
 */
internal class PagePrinter(
    private val stage: Stage,
) {
    // Held while the page is being laid out. Afterwards the dialogue holds it, and lets it go when it is done.
    internal var view: WebView? = null
        private set

    fun print(page: PrintPage): Boolean {
        val activity = stage.activity ?: return false
        val service = activity.getSystemService(PrintManager::class.java) ?: return false
        return try {
            val laid = laid(activity)
            laid.webViewClient =
                object : WebViewClient() {
                    override fun onPageFinished(
                        view: WebView,
                        url: String?,
                    ) {
                        this@PagePrinter.view = null
                        service.print(view, activity, page.paper)
                    }
                }
            laid.loadDataWithBaseURL(null, page.html, "text/html", "utf-8", null)
            view = laid
            true
        } catch (_: RuntimeException) {
            // No web view on this phone, or it is being updated just now.
            false
        }
    }

    private fun laid(activity: ComponentActivity) =
        WebView(activity).apply {
            settings.javaScriptEnabled = false
            settings.allowFileAccess = false
            settings.allowContentAccess = false
            settings.blockNetworkLoads = true
        }

    private fun PrintManager.print(
        view: WebView,
        activity: ComponentActivity,
        paper: Paper,
    ) {
        // The print service shows and keeps this name; the page's own title may say whose it is.
        val job = activity.getString(R.string.app_name)
        val size = if (paper == Paper.A6) PrintAttributes.MediaSize.ISO_A6 else PrintAttributes.MediaSize.ISO_A4
        try {
            print(job, view.createPrintDocumentAdapter(job), PrintAttributes.Builder().setMediaSize(size).build())
        } catch (_: RuntimeException) {
            // No print service, or the activity is going: nothing is printed, and nothing is lost.
            return
        }
    }
}
