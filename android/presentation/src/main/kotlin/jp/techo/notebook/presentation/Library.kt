package jp.techo.notebook.presentation

import jp.techo.core.ArchiveDone
import jp.techo.core.CardSheet
import jp.techo.core.ClinicName
import jp.techo.core.ItemName
import jp.techo.core.Key
import jp.techo.core.Language
import jp.techo.core.LegalKind
import jp.techo.core.LegalText
import jp.techo.core.NewKeys
import jp.techo.core.Position
import jp.techo.core.SlotKind
import jp.techo.core.TechoException
import jp.techo.core.Vault
import jp.techo.core.VaultInterface
import jp.techo.core.fetchItems
import jp.techo.core.legalText
import jp.techo.core.makeDeviceSecret
import jp.techo.core.slotKinds
import jp.techo.core.vaultExists
import jp.techo.core.clinicOccasions as occasionNames
import jp.techo.core.clinicParts as partNames
import jp.techo.core.eraseCard as eraseCardFile
import jp.techo.core.openCard as openCardBytes

/**
 * What the library offers before a vault is open. An interface only so that a test can watch the calls; [TechoLibrary] is
 * the only one there is.
 */
interface Library {
    /** Instant. */
    fun exists(dir: String): Boolean

    /** Quick. */
    @Throws(TechoException::class)
    fun slots(dir: String): List<SlotKind>

    /** Instant. */
    @Throws(TechoException::class)
    fun secret(): ByteArray

    /** Long. */
    @Throws(TechoException::class)
    fun create(
        dir: String,
        keys: NewKeys,
        language: Language,
    ): VaultInterface

    /** Long. */
    @Throws(TechoException::class)
    fun open(
        dir: String,
        key: Key,
        seen: Position?,
        language: Language,
    ): VaultInterface

    /** Long: to read and export only. */
    @Throws(TechoException::class)
    fun rescue(
        dir: String,
        key: Key,
        language: Language,
    ): VaultInterface

    /** Long: the named step after damage. */
    @Throws(TechoException::class)
    fun acceptLoss(
        dir: String,
        key: Key,
        language: Language,
    ): VaultInterface

    /** Long: a throw-away notebook with the sample family. */
    @Throws(TechoException::class)
    fun sample(
        dir: String,
        language: Language,
    ): VaultInterface

    /** Long. */
    @Throws(TechoException::class)
    fun restore(
        dir: String,
        keys: NewKeys,
        archive: String,
        passphrase: String?,
        language: Language,
    ): ArchiveDone

    /** Instant. */
    fun legal(
        kind: LegalKind,
        language: Language,
    ): LegalText

    /** Instant. */
    fun items(language: Language): List<ItemName>

    /** Instant: the occasions of being shown to somebody. */
    fun occasions(language: Language): List<ClinicName>

    /** Instant: the parts that can be shown by themselves. */
    fun parts(language: Language): List<ClinicName>

    /** Instant: a card that is readable without unlocking, under the card's own key. */
    @Throws(TechoException::class)
    fun openCard(
        sealed: ByteArray,
        secret: ByteArray,
    ): CardSheet

    /** Quick: removes a card that is readable without unlocking. */
    @Throws(TechoException::class)
    fun eraseCard(path: String)
}

/** The real library. */
object TechoLibrary : Library {
    override fun exists(dir: String) = vaultExists(dir)

    override fun slots(dir: String) = slotKinds(dir)

    override fun secret() = makeDeviceSecret()

    override fun create(
        dir: String,
        keys: NewKeys,
        language: Language,
    ): VaultInterface = Vault.create(dir, keys, language)

    override fun open(
        dir: String,
        key: Key,
        seen: Position?,
        language: Language,
    ): VaultInterface = Vault.open(dir, key, seen, language)

    override fun rescue(
        dir: String,
        key: Key,
        language: Language,
    ): VaultInterface = Vault.rescue(dir, key, language)

    override fun acceptLoss(
        dir: String,
        key: Key,
        language: Language,
    ): VaultInterface = Vault.acceptLoss(dir, key, language)

    override fun sample(
        dir: String,
        language: Language,
    ): VaultInterface = Vault.sample(dir, language)

    override fun restore(
        dir: String,
        keys: NewKeys,
        archive: String,
        passphrase: String?,
        language: Language,
    ) = jp.techo.core.restore(dir, keys, archive, passphrase, language)

    override fun legal(
        kind: LegalKind,
        language: Language,
    ) = legalText(kind, language)

    override fun items(language: Language) = fetchItems(language)

    override fun occasions(language: Language) = occasionNames(language)

    override fun parts(language: Language) = partNames(language)

    override fun openCard(
        sealed: ByteArray,
        secret: ByteArray,
    ) = openCardBytes(sealed, secret)

    override fun eraseCard(path: String) = eraseCardFile(path)
}
