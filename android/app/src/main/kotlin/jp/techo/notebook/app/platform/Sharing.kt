package jp.techo.notebook.app.platform

import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import androidx.core.content.FileProvider
import jp.techo.notebook.R
import jp.techo.notebook.app.MainActivity
import jp.techo.notebook.presentation.platform.ShareSheet
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import java.io.File
import java.io.OutputStream
import java.util.UUID

/** The system's share sheet with one private file; the app the person picks may read that one file, and nothing else. */
internal class Sharing(
    private val context: Context,
    private val stage: Stage,
    private val background: CoroutineDispatcher,
) : ShareSheet {
    private val folder = File(context.cacheDir, "share")

    override suspend fun share(
        name: String,
        type: String,
        write: (OutputStream) -> Unit,
    ): Boolean {
        // A folder of its own for each, so that a later share never replaces what an earlier one still hands over.
        val own = File(folder, UUID.randomUUID().toString())
        val file = File(own, PrivateCopies.tidyName(name).ifEmpty { "techo" })
        withContext(background) {
            var whole = false
            try {
                own.mkdirs()
                file.outputStream().use(write)
                whole = true
            } finally {
                if (!whole) own.deleteRecursively()
            }
        }
        val activity = stage.activity ?: return false
        val uri = FileProvider.getUriForFile(context, Pictures.AUTHORITY, file)
        val send =
            Intent(Intent.ACTION_SEND)
                .setType(type)
                .putExtra(Intent.EXTRA_STREAM, uri)
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        // The sheet's preview gets the permission from here, not from the extra.
        send.clipData = ClipData.newRawUri(null, uri)
        val sheet =
            Intent
                .createChooser(send, activity.getString(R.string.share_title))
                .putExtra(Intent.EXTRA_EXCLUDE_COMPONENTS, arrayOf(ComponentName(context, MainActivity::class.java)))
        return try {
            activity.startActivity(sheet)
            true
        } catch (_: ActivityNotFoundException) {
            withContext(background) { own.deleteRecursively() }
            false
        }
    }

    override suspend fun clean() {
        withContext(background) { folder.deleteRecursively() }
    }
}
