package jp.techo.notebook.app.platform

import android.app.Activity
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.provider.MediaStore
import androidx.activity.ComponentActivity
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import androidx.core.content.FileProvider
import jp.techo.notebook.presentation.platform.LARGEST_PICTURE
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.PictureSource
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import java.io.File

/**
 * Pictures from the phone's own camera app and from its picture picker: the app itself has no permission for either. The
 * camera writes to a private file that nobody else sees; it is deleted as soon as the copy is made.
 */
internal class Pictures(
    private val context: Context,
    private val copies: PrivateCopies,
    private val background: CoroutineDispatcher,
) : PictureSource {
    private val folder = File(context.cacheDir, CAMERA_FOLDER)
    private val taking = Errand("picture-take", TakeOnePicture)
    private val choosing = Errand("picture-choose", PickVisualMedia())

    fun attach(activity: ComponentActivity) {
        taking.attach(activity)
        choosing.attach(activity)
    }

    override fun hasCamera(): Boolean =
        context.packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY) &&
            Intent(MediaStore.ACTION_IMAGE_CAPTURE).resolveActivity(context.packageManager) != null

    override suspend fun photograph(): Picked {
        val file = File(folder, "picture.jpg")
        val uri =
            withContext(background) {
                if ((folder.isDirectory || folder.mkdirs())) FileProvider.getUriForFile(context, AUTHORITY, file) else null
            } ?: return Picked.NoSpace
        try {
            return when (taking.run(uri)) {
                is Errand.Answer.Given -> withContext(background) { copies.copy(uri, LARGEST_PICTURE) }
                Errand.Answer.Cancelled -> Picked.Cancelled
                Errand.Answer.Nobody -> Picked.NothingAnswers
            }
        } finally {
            file.delete()
        }
    }

    override suspend fun choose(): Picked =
        when (val answer = choosing.run(PickVisualMediaRequest(PickVisualMedia.ImageOnly))) {
            is Errand.Answer.Given -> withContext(background) { copies.copy(answer.value, LARGEST_PICTURE) }
            Errand.Answer.Cancelled -> Picked.Cancelled
            Errand.Answer.Nobody -> Picked.NothingAnswers
        }

    /** A picture that was taken or chosen while the process was gone; once. */
    suspend fun leftOver(): Picked? {
        choosing.leftOver()?.let { chosen -> return withContext(background) { copies.copy(chosen, LARGEST_PICTURE) } }
        val file = File(folder, "picture.jpg")
        val taken = taking.leftOver()
        return withContext(background) {
            try {
                if (taken == null ||
                    !file.isFile
                ) {
                    null
                } else {
                    copies.copy(FileProvider.getUriForFile(context, AUTHORITY, file), LARGEST_PICTURE)
                }
            } finally {
                file.delete()
            }
        }
    }

    private object TakeOnePicture : ActivityResultContract<Uri, Boolean?>() {
        override fun createIntent(
            context: Context,
            input: Uri,
        ): Intent =
            Intent(MediaStore.ACTION_IMAGE_CAPTURE)
                .putExtra(MediaStore.EXTRA_OUTPUT, input)
                .addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION or Intent.FLAG_GRANT_READ_URI_PERMISSION)

        override fun parseResult(
            resultCode: Int,
            intent: Intent?,
        ): Boolean? = if (resultCode == Activity.RESULT_OK) true else null
    }

    companion object {
        /** The FileProvider of the manifest. */
        const val AUTHORITY = "jp.techo.notebook.files"
        private const val CAMERA_FOLDER = "camera"
    }
}
