package jp.techo.notebook.app.platform

import android.content.Context
import android.os.Bundle
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.print.PageRange
import android.print.PrintAttributes
import android.print.PrintDocumentAdapter
import android.print.PrintDocumentInfo
import android.print.PrintManager
import android.print.pdf.PrintedPdfDocument
import jp.techo.notebook.R
import jp.techo.notebook.presentation.platform.PrintPage
import jp.techo.notebook.presentation.platform.PrintSheet
import jp.techo.notebook.presentation.platform.Printing
import java.io.IOException

/** The system's print dialogue, from which "save as PDF" is one of the printers. */
internal class Printer(
    private val stage: Stage,
) : Printing {
    private val pages = PagePrinter(stage)

    override fun print(page: PrintPage): Boolean = pages.print(page)

    override fun print(sheet: PrintSheet): Boolean {
        val activity = stage.activity ?: return false
        val service = activity.getSystemService(PrintManager::class.java) ?: return false
        // The print service shows and keeps this name; the sheet's own title may say whose it is.
        val job = activity.getString(R.string.app_name)
        val attributes = PrintAttributes.Builder().setMediaSize(PrintAttributes.MediaSize.ISO_A4).build()
        return try {
            service.print(job, SheetAdapter(activity, sheet), attributes)
            true
        } catch (_: RuntimeException) {
            // No print service on this phone, or the activity is going.
            false
        }
    }
}

/** Breaks a sheet over pages of the size the person chose in the dialogue, and writes the ones asked for as PDF. */
internal class SheetAdapter(
    private val context: Context,
    private val sheet: PrintSheet,
) : PrintDocumentAdapter() {
    private var attributes: PrintAttributes? = null
    private var pages: List<SheetPage> = emptyList()

    override fun onLayout(
        oldAttributes: PrintAttributes?,
        newAttributes: PrintAttributes,
        cancellation: CancellationSignal?,
        callback: LayoutResultCallback,
        extras: Bundle?,
    ) {
        if (cancellation?.isCanceled == true) return callback.onLayoutCancelled()
        val document = PrintedPdfDocument(context, newAttributes)
        pages =
            try {
                SheetLayout(document.pageContentRect.width(), document.pageContentRect.height()).pages(sheet)
            } finally {
                document.close()
            }
        attributes = newAttributes
        val info =
            PrintDocumentInfo
                .Builder("techo.pdf")
                .setContentType(PrintDocumentInfo.CONTENT_TYPE_DOCUMENT)
                .setPageCount(pages.size)
                .build()
        callback.onLayoutFinished(info, oldAttributes != newAttributes)
    }

    override fun onWrite(
        wanted: Array<out PageRange>,
        destination: ParcelFileDescriptor,
        cancellation: CancellationSignal?,
        callback: WriteResultCallback,
    ) {
        val document = PrintedPdfDocument(context, attributes ?: return callback.onWriteFailed(null))
        try {
            pages.forEachIndexed { index, content ->
                if (wanted.none { index in it.start..it.end }) return@forEachIndexed
                if (cancellation?.isCanceled == true) return callback.onWriteCancelled()
                val page = document.startPage(index)
                content.draw(page.canvas, document.pageContentRect, index + 1, pages.size)
                document.finishPage(page)
            }
            ParcelFileDescriptor.AutoCloseOutputStream(destination).use(document::writeTo)
            callback.onWriteFinished(wanted)
        } catch (_: IOException) {
            callback.onWriteFailed(null)
        } finally {
            document.close()
        }
    }
}
