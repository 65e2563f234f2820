package jp.techo.notebook.app.platform

import android.app.Application
import android.content.Context
import android.content.Intent
import androidx.activity.ComponentActivity
import jp.techo.notebook.presentation.platform.Brightness
import jp.techo.notebook.presentation.platform.Browser
import jp.techo.notebook.presentation.platform.CardKey
import jp.techo.notebook.presentation.platform.DeviceLock
import jp.techo.notebook.presentation.platform.DeviceMemory
import jp.techo.notebook.presentation.platform.DocumentPicker
import jp.techo.notebook.presentation.platform.FaceDown
import jp.techo.notebook.presentation.platform.LibraryGuard
import jp.techo.notebook.presentation.platform.Notices
import jp.techo.notebook.presentation.platform.Painter
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.PictureSource
import jp.techo.notebook.presentation.platform.Preferences
import jp.techo.notebook.presentation.platform.Printing
import jp.techo.notebook.presentation.platform.ReturnAddresses
import jp.techo.notebook.presentation.platform.ScreenGuard
import jp.techo.notebook.presentation.platform.ShareSheet
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File

/**
 * All adapters to the phone, made once for the process. The activity [attach]es before it shows anything, and hands on what
 * the system hands it.
 *
 * [libraryVersion] makes the first call into the Rust library; [expectedVersion] is what this app was built with.
 */
class Platform(
    application: Application,
    expectedVersion: String,
    background: CoroutineDispatcher = Dispatchers.IO,
    libraryVersion: () -> String,
) {
    private val stage = Stage()
    private val copies = PrivateCopies(application.contentResolver, File(application.cacheDir, "picked"))
    private val keys = Keys(application)
    private val picker = Documents(application.contentResolver, copies, background)
    private val camera = Pictures(application, copies, background)
    private val guard = WindowGuard(stage)
    private val links = AppLinks()
    private val posted = SystemNotices(application)
    private val light = WindowBrightness(stage)
    private val io = background

    /** Where everything of the notebook lies: in the app's private storage, in the folder that no backup takes along. */
    val folder: File = application.noBackupFilesDir

    val lock: DeviceLock = KeystoreLock(application, keys, SystemPrompt(stage))
    val memory: DeviceMemory = KeystoreMemory(keys, File(folder, "seen"), background)
    val documents: DocumentPicker = AllPicks(picker, camera)
    val pictures: PictureSource get() = camera
    val share: ShareSheet = Sharing(application, stage, background)
    val printing: Printing = Printer(stage)
    val browser: Browser = SystemBrowser(stage)
    val returns: ReturnAddresses get() = links
    val notices: Notices get() = posted
    val screen: ScreenGuard get() = guard
    val library: LibraryGuard = LoadedLibrary(expectedVersion, background, libraryVersion)
    val preferences: Preferences = StoredPreferences(application.getSharedPreferences("shell", Context.MODE_PRIVATE))
    val cardKey: CardKey = KeystoreCardKey(keys, File(folder, "card-key"), background)
    val brightness: Brightness get() = light
    val faceDown: FaceDown = Gravity(application)
    val painter: Painter = SvgPainter(background)

    /** In `onCreate`, before `setContent`. */
    fun attach(activity: ComponentActivity) {
        stage.enter(activity)
        guard.attach(activity)
        light.attach(activity)
        picker.attach(activity)
        camera.attach(activity)
        posted.attach(activity)
    }

    /** In `onDestroy`. */
    fun detach(activity: ComponentActivity) = stage.leave(activity)

    /** In `onCreate` of a first start and in `onNewIntent`. */
    fun arrived(intent: Intent?) = links.take(intent)

    /** Once when the process starts, before anything is picked: copies of an earlier process are of no use any more. */
    suspend fun clean() {
        withContext(io) { copies.clean() }
        share.clean()
    }

    /** A pick of either kind that was under way when the process died. */
    private class AllPicks(
        private val documents: Documents,
        private val pictures: Pictures,
    ) : DocumentPicker by documents {
        override suspend fun leftOver(): Picked? = documents.leftOver() ?: pictures.leftOver()
    }
}
