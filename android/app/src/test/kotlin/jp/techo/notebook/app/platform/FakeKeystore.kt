package jp.techo.notebook.app.platform

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/**
 * A stand-in for the phone's keystore under its name: Robolectric has none. It keeps keys in memory and remembers what was
 * asked for them. It knows neither fingers nor chips, so nothing here shows that a real keystore asks anybody; it shows what
 * we ask of it and what we make of its answers.
 */
internal object FakeKeystore {
    val keys = mutableMapOf<String, SecretKey>()
    val specifications = mutableMapOf<String, KeyGenParameterSpec>()

    fun install() {
        keys.clear()
        specifications.clear()
        Security.removeProvider(NAME)
        Security.addProvider(Fake())
    }

    fun remove() = Security.removeProvider(NAME)

    /** As when a finger was added: the key is still listed and dead. */
    fun invalidate(alias: String) {
        keys[alias] = Dead()
    }

    private const val NAME = "AndroidKeyStore"

    private class Fake : Provider(NAME, "1", "stand-in") {
        init {
            put("KeyStore.AndroidKeyStore", Store::class.java.name)
            put("KeyGenerator.AES", Generator::class.java.name)
        }
    }

    private class Dead : SecretKey {
        override fun getAlgorithm() = "AES"

        override fun getFormat() = "RAW"

        // A cipher asks for the bytes when it is initialised: the place where the real one throws.
        override fun getEncoded(): ByteArray = throw KeyPermanentlyInvalidatedException()
    }

    class Generator : KeyGeneratorSpi() {
        private var specification: KeyGenParameterSpec? = null

        override fun engineInit(random: SecureRandom?) = Unit

        override fun engineInit(
            params: AlgorithmParameterSpec?,
            random: SecureRandom?,
        ) {
            specification = params as KeyGenParameterSpec
        }

        override fun engineInit(
            keysize: Int,
            random: SecureRandom?,
        ) = Unit

        override fun engineGenerateKey(): SecretKey {
            val asked = specification!!
            val key = SecretKeySpec(ByteArray(asked.keySize / 8).also(SecureRandom()::nextBytes), "AES")
            keys[asked.keystoreAlias] = key
            specifications[asked.keystoreAlias] = asked
            return key
        }
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(
            alias: String,
            password: CharArray?,
        ): Key? = keys[alias]

        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)

        override fun engineContainsAlias(alias: String) = alias in keys

        override fun engineSize() = keys.size

        override fun engineIsKeyEntry(alias: String) = alias in keys

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCertificate(alias: String): Certificate? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineGetCertificateAlias(certificate: Certificate?): String? = null

        override fun engineSetKeyEntry(
            alias: String?,
            key: Key?,
            password: CharArray?,
            chain: Array<out Certificate>?,
        ) = Unit

        override fun engineSetKeyEntry(
            alias: String?,
            key: ByteArray?,
            chain: Array<out Certificate>?,
        ) = Unit

        override fun engineSetCertificateEntry(
            alias: String?,
            certificate: Certificate?,
        ) = Unit

        override fun engineStore(
            stream: OutputStream?,
            password: CharArray?,
        ) = Unit

        override fun engineLoad(
            stream: InputStream?,
            password: CharArray?,
        ) = Unit
    }
}
