package jp.techo.notebook.app

import android.Manifest
import android.content.Context
import android.content.Intent
import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager
import android.content.res.XmlResourceParser
import android.net.Uri
import jp.techo.notebook.R
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.xmlpull.v1.XmlPullParser

/** What the manifest promises, read back from the packed app and not from the source file. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 35])
class ManifestTest {
    private val context: Context = RuntimeEnvironment.getApplication()

    private fun elements(resource: Int): List<Map<String, String>> {
        val found = mutableListOf<Map<String, String>>()
        val parser: XmlResourceParser = context.resources.getXml(resource)
        while (parser.next() != XmlPullParser.END_DOCUMENT) {
            if (parser.eventType != XmlPullParser.START_TAG) continue
            val attributes = (0 until parser.attributeCount).associate { parser.getAttributeName(it) to parser.getAttributeValue(it) }
            found += attributes + ("element" to parser.name)
        }
        return found
    }

    @Test
    fun `the app asks for the network, for finger or face, for notices, and for nothing else`() {
        val asked = context.packageManager.getPackageInfo(context.packageName, PackageManager.GET_PERMISSIONS).requestedPermissions
        assertEquals(
            setOf(Manifest.permission.INTERNET, Manifest.permission.USE_BIOMETRIC, "android.permission.POST_NOTIFICATIONS"),
            asked.orEmpty().toSet(),
        )
    }

    @Test
    fun `nothing is backed up, and each place is named in the rules of both generations`() {
        assertEquals(0, context.applicationInfo.flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
        val domains = listOf("root", "file", "database", "sharedpref", "external")
        val all = (domains + listOf("device_root", "device_file", "device_database", "device_sharedpref")).toSet()
        val old = elements(R.xml.backup_rules).filter { it["element"] == "exclude" && it["path"] == "." }.mapNotNull { it["domain"] }
        assertEquals(all, old.toSet())
        val rules = elements(R.xml.data_extraction_rules)
        val transfer = rules.indexOfFirst { it["element"] == "device-transfer" }
        for (part in listOf(rules.take(transfer), rules.drop(transfer))) {
            assertEquals(all, part.filter { it["element"] == "exclude" && it["path"] == "." }.mapNotNull { it["domain"] }.toSet())
            assertTrue(part.none { it["element"] == "include" })
        }
    }

    @Test
    fun `no connection goes out in plain text and none trusts a certificate that somebody installed`() {
        assertEquals(0, context.applicationInfo.flags and ApplicationInfo.FLAG_USES_CLEARTEXT_TRAFFIC)
        val elements = elements(R.xml.network_security_config)
        assertEquals(listOf("false"), elements.mapNotNull { it["cleartextTrafficPermitted"] })
        assertEquals(listOf("system"), elements.filter { it["element"] == "certificates" }.map { it["src"] })
    }

    @Test
    fun `only the way back from the browser and the launcher lead into the app`() {
        fun answers(address: String): Boolean {
            val view = Intent(Intent.ACTION_VIEW, Uri.parse(address)).addCategory(Intent.CATEGORY_BROWSABLE).setPackage(context.packageName)
            return context.packageManager.queryIntentActivities(view, PackageManager.MATCH_DEFAULT_ONLY).isNotEmpty()
        }
        val own = "https://" + context.getString(R.string.redirect_host) + context.getString(R.string.redirect_path)
        assertTrue(answers("$own?code=c&state=s"))
        assertFalse(answers(own.replace("https", "http")))
        assertFalse(answers("$own/further"))
        assertFalse(answers("https://other.invalid/redirect"))
        assertFalse(answers("techo://redirect"))
    }

    @Test
    fun `other apps reach the launcher's activity and nothing else`() {
        val info =
            context.packageManager.getPackageInfo(
                context.packageName,
                PackageManager.GET_ACTIVITIES or PackageManager.GET_SERVICES or
                    PackageManager.GET_RECEIVERS or PackageManager.GET_PROVIDERS,
            )
        val exported =
            listOf(info.activities, info.services, info.receivers, info.providers)
                .flatMap { it.orEmpty().toList() }
                .filter { it.exported }
                .map { it.name }
        assertEquals(listOf(MainActivity::class.java.name), exported)
    }

    @Test
    @Config(qualifiers = "ja-rJP")
    fun `a phone in Japanese reads Japanese`() = assertEquals("手帳", context.getString(R.string.app_name))

    @Test
    @Config(qualifiers = "en-rUS")
    fun `a phone in English reads English`() = assertEquals("Techo", context.getString(R.string.app_name))

    @Test
    @Config(qualifiers = "fr-rFR")
    fun `a phone in another language reads Japanese, the app's own`() = assertEquals("手帳", context.getString(R.string.app_name))
}
