package jp.techo.notebook.app.platform

import android.app.Activity
import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.content.Intent
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.Bundle
import android.provider.MediaStore
import android.provider.OpenableColumns
import android.system.ErrnoException
import android.system.OsConstants
import androidx.activity.ComponentActivity
import jp.techo.notebook.presentation.platform.LARGEST_PICK
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.platform.Saved
import kotlinx.coroutines.Dispatchers
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 35], application = android.app.Application::class)
class PicksTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val folder = File(context.cacheDir, "picked")
    private val uri = Uri.parse("content://somebody.else/document/1")
    private var room = Long.MAX_VALUE
    private val copies = PrivateCopies(context.contentResolver, folder) { room }
    private val documents = Documents(context.contentResolver, copies, Dispatchers.Unconfined)
    private val controller = Robolectric.buildActivity(ComponentActivity::class.java)
    private val activity: ComponentActivity get() = controller.get()

    @Before
    fun start() {
        forgetSharedFolders()
        Robolectric.buildContentProvider(Somebody::class.java).create("somebody.else")
        controller.create()
        documents.attach(activity)
        controller.start().resume()
    }

    private fun offer(stream: () -> InputStream) = shadowOf(context.contentResolver).registerInputStreamSupplier(uri, stream)

    private fun pick(data: Intent? = Intent().setData(uri)): Picked {
        val asked = asking { documents.open() }
        val intent = activity.answers(data)
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, intent.action)
        assertTrue(intent.categories.contains(Intent.CATEGORY_OPENABLE))
        return asked.answer()
    }

    @Test
    fun `a picked file is copied under a name without folders, and closing deletes the copy`() {
        Somebody.row = arrayOf("../../etc/\u202Egpj.健診\n.xml", 5)
        offer { "12345".byteInputStream() }
        val copy = (pick() as Picked.Document).copy
        assertEquals("gpj.健診.xml", copy.name)
        assertEquals(5L, copy.size)
        assertArrayEquals("12345".toByteArray(), copy.bytes())
        assertEquals(folder, copy.file.parentFile)
        copy.close()
        assertFalse(copy.file.exists())
    }

    @Test
    fun `nothing picked is nothing`() = assertEquals(Picked.Cancelled, pick(null))

    @Test
    fun `a file of a gigabyte is refused before a byte of it is read`() {
        Somebody.row = arrayOf("video.mp4", 1_073_741_824L)
        offer { error("it was read") }
        assertEquals(Picked.TooLarge(1_073_741_824L, LARGEST_PICK), pick())
        assertTrue(folder.list().isNullOrEmpty())
    }

    @Test
    fun `a file that says no size is cut off at the limit and leaves nothing behind`() {
        Somebody.row = arrayOf("endless", null)
        offer { Endless() }
        val picked = copies.copy(uri, 1_000_000)
        assertTrue(picked is Picked.TooLarge && picked.size > 1_000_000 && picked.size < 1_100_000)
        assertTrue(folder.list().isNullOrEmpty())
    }

    @Test
    fun `a full phone is said, before and while copying`() {
        Somebody.row = arrayOf("a", 100L)
        room = 99
        offer { "x".byteInputStream() }
        assertEquals(Picked.NoSpace, pick())
        room = Long.MAX_VALUE
        offer { throw IOException("write failed", ErrnoException("write", OsConstants.ENOSPC)) }
        assertEquals(Picked.NoSpace, pick())
    }

    @Test
    fun `a keeper that breaks off, throws or is not there is not readable, and no half copy stays`() {
        Somebody.row = arrayOf("a", 10L)
        for (trouble in listOf(IOException("gone"), SecurityException("no"), IllegalArgumentException("odd"), NullPointerException())) {
            offer { Breaking(trouble) }
            assertEquals(trouble.toString(), Picked.NotReadable, pick())
        }
        assertEquals(Picked.NotReadable, pick(Intent().setData(Uri.parse("content://nobody/1"))))
        assertTrue(folder.list().isNullOrEmpty())
    }

    @Test
    fun `turning the phone while the picker is open loses nothing`() {
        Somebody.row = arrayOf("a", 3L)
        offer { "abc".byteInputStream() }
        val asked = asking { documents.open() }
        val request = shadowOf(activity).nextStartedActivityForResult
        val turned = again()
        documents.attach(turned.get())
        turned.start().resume()
        turned.get().activityResultRegistry.dispatchResult(request.requestCode, Activity.RESULT_OK, Intent().setData(uri))
        assertEquals("a", (asked.answer() as Picked.Document).copy.name)
        assertNull(asking { documents.leftOver() }.answer())
    }

    @Test
    fun `a pick whose process died is there afterwards, once`() {
        Somebody.row = arrayOf("a", 3L)
        offer { "abc".byteInputStream() }
        asking { documents.open() }
        val request = shadowOf(activity).nextStartedActivityForResult
        val revived = again()
        val anew = Documents(context.contentResolver, copies, Dispatchers.Unconfined)
        anew.attach(revived.get())
        revived.start().resume()
        revived.get().activityResultRegistry.dispatchResult(request.requestCode, Activity.RESULT_OK, Intent().setData(uri))
        assertEquals("a", (asking { anew.leftOver() }.answer() as Picked.Document).copy.name)
        assertNull(asking { anew.leftOver() }.answer())
    }

    @Test
    fun `without a screen to ask from there is an answer and no crash`() {
        val nowhere = Documents(context.contentResolver, copies, Dispatchers.Unconfined)
        assertEquals(Picked.NothingAnswers, asking { nowhere.open() }.answer())
    }

    @Test
    fun `saving proposes the name and the type and writes what it is given`() {
        val written = ByteArrayOutputStream()
        shadowOf(context.contentResolver).registerOutputStream(uri, written)
        Somebody.row = arrayOf("手帳.zip", 3L)
        val asked = asking { documents.save("手帳.zip", "application/zip") { it.write(byteArrayOf(1, 2, 3)) } }
        val intent = activity.answers(Intent().setData(uri))
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, intent.action)
        assertEquals("application/zip", intent.type)
        assertEquals("手帳.zip", intent.getStringExtra(Intent.EXTRA_TITLE))
        assertEquals(Saved.Done("手帳.zip"), asked.answer())
        assertArrayEquals(byteArrayOf(1, 2, 3), written.toByteArray())
    }

    @Test
    fun `a place that is full or breaks off is said, and a refusal is a refusal`() {
        val full: (OutputStream) -> Unit = { throw IOException("write", ErrnoException("write", OsConstants.ENOSPC)) }
        val broken: (OutputStream) -> Unit = { throw IOException("gone") }
        shadowOf(context.contentResolver).registerOutputStream(uri, ByteArrayOutputStream())
        for ((write, result) in listOf(full to Saved.NoSpace, broken to Saved.Failed)) {
            val asked = asking { documents.save("a", "text/csv", write) }
            activity.answers(Intent().setData(uri))
            assertEquals(result, asked.answer())
        }
        val asked = asking { documents.save("a", "text/csv") { error("nothing to write to") } }
        activity.answers(null, Activity.RESULT_CANCELED)
        assertEquals(Saved.Cancelled, asked.answer())
    }

    @Test
    fun `the camera writes to a private file that is gone afterwards`() {
        val pictures = Pictures(context, copies, Dispatchers.Unconfined)
        val third = Robolectric.buildActivity(ComponentActivity::class.java).create()
        pictures.attach(third.get())
        third.start().resume()
        val asked = asking { pictures.photograph() }
        val file = File(context.cacheDir, "camera/picture.jpg")
        file.writeBytes(byteArrayOf(9, 9))
        val intent = third.get().answers(null)
        assertEquals(MediaStore.ACTION_IMAGE_CAPTURE, intent.action)
        @Suppress("DEPRECATION")
        val target = intent.getParcelableExtra<Uri>(MediaStore.EXTRA_OUTPUT)
        assertEquals(Pictures.AUTHORITY, target?.authority)
        assertArrayEquals(byteArrayOf(9, 9), (asked.answer() as Picked.Document).copy.bytes())
        assertFalse(file.exists())

        val refused = asking { pictures.photograph() }
        third.get().answers(null, Activity.RESULT_CANCELED)
        assertEquals(Picked.Cancelled, refused.answer())
    }

    /** The same activity, made anew from its saved state. */
    private fun again() =
        Bundle().let { state ->
            controller.pause().stop().saveInstanceState(state).destroy()
            Robolectric.buildActivity(ComponentActivity::class.java).create(state)
        }

    private class Endless : InputStream() {
        override fun read() = 0

        override fun read(
            into: ByteArray,
            offset: Int,
            length: Int,
        ) = length
    }

    private class Breaking(
        private val trouble: Exception,
    ) : InputStream() {
        private var given = false

        override fun read(): Int = if (given) throw trouble else 'x'.code.also { given = true }

        override fun read(
            into: ByteArray,
            offset: Int,
            length: Int,
        ): Int = if (given) throw trouble else 1.also { given = true }
    }

    /** Another app's provider: says what [row] says. */
    class Somebody : ContentProvider() {
        override fun onCreate() = true

        override fun query(
            uri: Uri,
            projection: Array<out String>?,
            selection: String?,
            selectionArgs: Array<out String>?,
            sortOrder: String?,
        ): Cursor =
            MatrixCursor(projection ?: arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)).apply {
                addRow(row.take(columnCount))
            }

        override fun getType(uri: Uri) = "application/octet-stream"

        override fun insert(
            uri: Uri,
            values: ContentValues?,
        ): Uri? = null

        override fun delete(
            uri: Uri,
            selection: String?,
            selectionArgs: Array<out String>?,
        ) = 0

        override fun update(
            uri: Uri,
            values: ContentValues?,
            selection: String?,
            selectionArgs: Array<out String>?,
        ) = 0

        companion object {
            var row: Array<Any?> = arrayOf("a", 1L)
        }
    }
}
