package jp.techo.notebook.app.platform

import android.app.Activity
import android.content.ContentResolver
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.DocumentsContract
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import jp.techo.notebook.presentation.platform.DocumentPicker
import jp.techo.notebook.presentation.platform.LARGEST_PICK
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.Saved
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import java.io.IOException
import java.io.OutputStream

/** Files through the Storage Access Framework: no permission to storage, only what the person pointed at. */
internal class Documents(
    private val resolver: ContentResolver,
    private val copies: PrivateCopies,
    private val background: CoroutineDispatcher,
) : DocumentPicker {
    private val opening = Errand("document-open", OpenReadableDocument)
    private val saving = Errand("document-save", CreateAnyDocument)

    fun attach(activity: ComponentActivity) {
        opening.attach(activity)
        saving.attach(activity)
    }

    override suspend fun open(types: List<String>): Picked =
        when (val answer = opening.run(types.ifEmpty { listOf("*/*") }.toTypedArray())) {
            is Errand.Answer.Given -> copy(answer.value)
            Errand.Answer.Cancelled -> Picked.Cancelled
            Errand.Answer.Nobody -> Picked.NothingAnswers
        }

    override suspend fun save(
        name: String,
        type: String,
        write: (OutputStream) -> Unit,
    ): Saved =
        when (val answer = saving.run(Proposal(name, type))) {
            is Errand.Answer.Given -> withContext(background) { write(answer.value, write) }
            Errand.Answer.Cancelled -> Saved.Cancelled
            Errand.Answer.Nobody -> Saved.NothingAnswers
        }

    override suspend fun leftOver(): Picked? {
        // What was to be written died with the process; the empty document that was made for it goes.
        saving.leftOver()?.let { withContext(background) { delete(it) } }
        return opening.leftOver()?.let { copy(it) }
    }

    private suspend fun copy(uri: Uri): Picked = withContext(background) { copies.copy(uri, LARGEST_PICK) }

    private fun write(
        to: Uri,
        write: (OutputStream) -> Unit,
    ): Saved {
        var whole = false
        try {
            // "wt": what was there before must not stay behind a shorter text.
            val output = resolver.openOutputStream(to, "wt") ?: return Saved.Failed
            output.use(write)
            whole = true
            return Saved.Done(nameOf(to))
        } catch (error: IOException) {
            return if (PrivateCopies.isFull(error)) Saved.NoSpace else Saved.Failed
        } catch (_: SecurityException) {
            return Saved.Failed
        } catch (_: IllegalArgumentException) {
            return Saved.Failed
        } finally {
            // Also when [write] fails in its own way: half a file is worse than none.
            if (!whole) delete(to)
        }
    }

    private fun nameOf(uri: Uri): String? =
        try {
            resolver.query(uri, arrayOf(DocumentsContract.Document.COLUMN_DISPLAY_NAME), null, null, null)?.use {
                if (it.moveToFirst()) PrivateCopies.tidyName(it.getString(0)).ifEmpty { null } else null
            }
        } catch (_: RuntimeException) {
            // The document is written; only its name stays unknown.
            null
        }

    private fun delete(uri: Uri) {
        try {
            DocumentsContract.deleteDocument(resolver, uri)
        } catch (_: IOException) {
            // A place that does not allow it: nothing more can be done from here.
        } catch (_: RuntimeException) {
            // The same, from a provider that throws as it likes.
        }
    }

    /** A proposed name and a type; androidx's own contract fixes the type when it is registered. */
    internal class Proposal(
        val name: String,
        val type: String,
    )

    /** Only documents that have bytes: androidx's own contract also lets the person pick ones that nobody can read. */
    private object OpenReadableDocument : OpenDocument() {
        override fun createIntent(
            context: Context,
            input: Array<String>,
        ): Intent = super.createIntent(context, input).addCategory(Intent.CATEGORY_OPENABLE)
    }

    private object CreateAnyDocument : ActivityResultContract<Proposal, Uri?>() {
        override fun createIntent(
            context: Context,
            input: Proposal,
        ): Intent =
            Intent(Intent.ACTION_CREATE_DOCUMENT)
                .addCategory(Intent.CATEGORY_OPENABLE)
                .setType(input.type)
                .putExtra(Intent.EXTRA_TITLE, input.name)

        override fun parseResult(
            resultCode: Int,
            intent: Intent?,
        ): Uri? = intent?.data?.takeIf { resultCode == Activity.RESULT_OK }
    }
}
