package jp.techo.notebook.app.platform

import android.app.Notification
import android.app.NotificationManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.activity.ComponentActivity
import androidx.core.content.FileProvider
import jp.techo.notebook.app.MainActivity
import jp.techo.notebook.presentation.platform.Notice
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File
import java.io.IOException

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 35], application = android.app.Application::class)
class OutwardTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val stage = Stage()
    private val activity = Robolectric.buildActivity(ComponentActivity::class.java).setup().get()

    @Before
    fun start() = forgetSharedFolders()

    @Suppress("DEPRECATION")
    private fun Intent.inner() = getParcelableExtra<Intent>(Intent.EXTRA_INTENT)!!

    @Suppress("DEPRECATION")
    private fun Intent.stream() = getParcelableExtra<Uri>(Intent.EXTRA_STREAM)!!

    @Test
    fun `sharing hands over one readable file, not to ourselves, and cleaning takes it back`() {
        stage.enter(activity)
        val sharing = Sharing(context, stage, Dispatchers.Unconfined)
        assertTrue(asking { sharing.share("a/手帳.csv", "text/csv") { it.write("x,y".toByteArray()) } }.answer())
        val sheet = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_CHOOSER, sheet.action)
        assertEquals(1, sheet.getParcelableArrayExtra(Intent.EXTRA_EXCLUDE_COMPONENTS)?.size)
        val send = sheet.inner()
        assertEquals("text/csv", send.type)
        assertEquals(Intent.FLAG_GRANT_READ_URI_PERMISSION, send.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION)
        assertEquals(0, send.flags and Intent.FLAG_GRANT_WRITE_URI_PERMISSION)
        assertEquals(send.stream(), send.clipData?.getItemAt(0)?.uri)
        assertEquals("手帳.csv", send.stream().lastPathSegment)
        assertArrayEquals("x,y".toByteArray(), context.contentResolver.openInputStream(send.stream())!!.use { it.readBytes() })
        asking { sharing.clean() }.answer()
        assertFalse(File(context.cacheDir, "share").exists())
    }

    @Test
    fun `a share that fails half way leaves no half file`() {
        stage.enter(activity)
        val asked = asking { Sharing(context, stage, Dispatchers.Unconfined).share("a", "text/csv") { throw IOException("full") } }
        assertTrue(asked.getCompletionExceptionOrNull() is IOException)
        assertNull(shadowOf(activity).nextStartedActivity)
        assertTrue(File(context.cacheDir, "share").walk().none { it.isFile })
    }

    @Test
    fun `the notebook's own folder cannot be shared, whoever asks`() {
        val vault = File(context.noBackupFilesDir, "notebook/vault")
        assertThrows(IllegalArgumentException::class.java) { FileProvider.getUriForFile(context, Pictures.AUTHORITY, vault) }
    }

    @Test
    fun `the browser opens https and nothing else`() {
        val browser = SystemBrowser(stage)
        assertFalse("there is no screen yet", browser.open("https://example.jp/a"))
        stage.enter(activity)
        for (refused in listOf("http://example.jp", "file:///data", "intent://x#Intent;end", "javascript:alert(1)", "https://", "")) {
            assertFalse(refused, browser.open(refused))
        }
        assertNull(shadowOf(activity).nextStartedActivity)
        assertTrue(browser.open("https://example.jp/a?b=c"))
        val view = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_VIEW to "https://example.jp/a?b=c", view.action to view.dataString)
    }

    @Test
    fun `an address is handed on once, a long one never, and a launch brings none`() =
        runBlocking {
            val links = AppLinks()
            val intent = Intent(Intent.ACTION_VIEW, Uri.parse("https://techo.invalid/redirect?code=c&state=s"))
            links.take(intent)
            links.take(intent)
            links.take(Intent(Intent.ACTION_VIEW, Uri.parse("https://techo.invalid/redirect?x=" + "y".repeat(9000))))
            links.take(Intent(Intent.ACTION_MAIN))
            links.take(null)
            assertEquals("https://techo.invalid/redirect?code=c&state=s", links.arrivals.first())
            assertNull(withTimeoutOrNull(1) { links.arrivals.first() })
        }

    @Test
    fun `a stranger who floods the app with addresses fills no memory`() =
        runBlocking {
            val links = AppLinks()
            repeat(1000) { links.take(Intent(Intent.ACTION_VIEW, Uri.parse("https://stranger.invalid/$it"))) }
            assertEquals("https://stranger.invalid/992", links.arrivals.first())
        }

    @Test
    @Config(qualifiers = "ja-rJP")
    fun `a notice says its one sentence, to nobody on a locked screen, and opens the app`() {
        val notices = SystemNotices(context)
        val system = context.getSystemService(NotificationManager::class.java)!!
        shadowOf(system).setNotificationsEnabled(true)
        notices.show(Notice.FETCH_WAITS)
        notices.show(Notice.FETCH_WAITS)
        val shown = system.activeNotifications.single().notification
        assertEquals(Notification.VISIBILITY_SECRET, shown.visibility)
        val said = shown.extras.keySet().map { shown.extras.get(it) }.filterIsInstance<CharSequence>().map { it.toString() }
        assertEquals(setOf("手帳", "取得の続きをお待ちしています。"), said.filter { text -> text.any { it.code > 0x3000 } }.toSet())
        assertEquals(MainActivity::class.java.name, shadowOf(shown.contentIntent).savedIntent.component?.className)
        notices.withdraw(Notice.FETCH_WAITS)
        assertTrue(system.activeNotifications.isEmpty())
    }

    @Test
    fun `where notices are not allowed none is shown`() {
        val system = context.getSystemService(NotificationManager::class.java)!!
        shadowOf(system).setNotificationsEnabled(false)
        SystemNotices(context).show(Notice.FETCH_DONE)
        assertTrue(system.activeNotifications.isEmpty())
    }
}
