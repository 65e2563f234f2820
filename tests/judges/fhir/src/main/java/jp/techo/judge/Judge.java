// Judges FHIR files with the HAPI validator: base R4, and with IPS packages also every resource of a summary against the
// profile that its section asks for. One line for each error; what is a false alarm the tests decide, not this program.
package jp.techo.judge;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import ca.uhn.fhir.validation.ValidationResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ResourceType;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

public final class Judge {
    private static final String IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/";

    private Judge() {}

    /** Arguments: the folder with packages, then the files. A file that ends in `.phr` holds one resource a line. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        FhirContext context = FhirContext.forR4();
        FhirValidator validator = validator(context, Path.of(arguments[0]));
        int judged = 0;
        for (int at = 1; at < arguments.length; at++) {
            Path file = Path.of(arguments[at]);
            String name = file.getFileName().toString();
            if (name.endsWith(".phr")) {
                for (String line : Files.readAllLines(file)) {
                    judged += judge(out, validator, name, line, List.of());
                }
                continue;
            }
            String text = Files.readString(file);
            judged += judge(out, validator, name, text, List.of());
            Resource resource = (Resource) context.newJsonParser().parseResource(text);
            if (resource instanceof Bundle bundle && bundle.getType() == Bundle.BundleType.DOCUMENT) {
                judged += sections(out, validator, context, name, bundle);
            }
        }
        out.println("judged\t" + judged);
    }

    /** Holds the bundle against its profile, and every entry against the one its section asks for: slices are open, so without
     * this an entry that fits none of them passes. */
    private static int sections(PrintStream out, FhirValidator validator, FhirContext context, String name, Bundle bundle) {
        int judged = judge(out, validator, name + " as a summary", context.newJsonParser().encodeResourceToString(bundle),
                List.of(IPS + "Bundle-uv-ips"));
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            String profile = profile(entry.getResource());
            if (profile != null) {
                // The entry as it is: its references stay unresolved, which is no error.
                judged += judge(out, validator, name + " " + entry.getFullUrl() + " as " + profile,
                        context.newJsonParser().encodeResourceToString(entry.getResource()), List.of(profile));
            }
        }
        return judged;
    }

    private static String profile(Resource resource) {
        ResourceType type = resource.getResourceType();
        switch (type) {
            case Composition:
            case Patient:
            case AllergyIntolerance:
            case Condition:
            case Immunization:
            case MedicationRequest:
            case MedicationStatement:
            case Procedure:
                return IPS + type.name() + "-uv-ips";
            case Observation:
                Observation observation = (Observation) resource;
                if (observation.getCategory().stream().anyMatch(one -> one.hasCoding(CATEGORY, "vital-signs"))) {
                    return "http://hl7.org/fhir/StructureDefinition/vitalsigns";
                }
                boolean laboratory = observation.getCategory().stream().anyMatch(one -> one.hasCoding(CATEGORY, "laboratory"));
                return laboratory ? IPS + "Observation-results-laboratory-pathology-uv-ips" : null;
            default:
                return null;
        }
    }

    private static final String CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";

    private static int judge(PrintStream out, FhirValidator validator, String name, String text, List<String> profiles) {
        ValidationOptions options = new ValidationOptions();
        profiles.forEach(options::addProfile);
        ValidationResult result = validator.validateWithResult(text, options);
        for (SingleValidationMessage message : result.getMessages()) {
            if (message.getSeverity() == ResultSeverityEnum.ERROR || message.getSeverity() == ResultSeverityEnum.FATAL) {
                out.println(String.join("\t", "error", name, String.valueOf(message.getLocationString()),
                        String.valueOf(message.getMessageId()), message.getMessage().replaceAll("\\s+", " ")));
            }
        }
        return 1;
    }

    private static FhirValidator validator(FhirContext context, Path packages) throws IOException {
        PrePopulatedValidationSupport published = new PrePopulatedValidationSupport(context);
        for (String name : List.of("hl7.fhir.uv.ips", "hl7.terminology.r4", "hl7.fhir.uv.extensions.r4")) {
            read(context, packages.resolve(name), published);
        }
        DefaultProfileValidationSupport base = new DefaultProfileValidationSupport(context);
        ValidationSupportChain chain = new ValidationSupportChain(
                published,
                base,
                new Versioned(context, base),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context));
        FhirInstanceValidator instances = new FhirInstanceValidator(chain);
        // Our own extensions are listed in docs/formats/fhir-r4.md; nobody has published definitions of them.
        instances.setAnyExtensionsAllowed(true);
        instances.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        instances.setErrorForUnknownProfiles(true);
        FhirValidator validator = context.newValidator();
        validator.registerValidatorModule(instances);
        return validator;
    }

    /** Finds R4's own definitions also by their version: the packages ask for them as `…|4.0.1`, and HAPI's do not answer to it. */
    private record Versioned(FhirContext context, IValidationSupport base) implements IValidationSupport {
        private static final String VERSION = "|4.0.1";

        @Override
        public FhirContext getFhirContext() {
            return context;
        }

        @Override
        public IBaseResource fetchStructureDefinition(String url) {
            return url.endsWith(VERSION) ? base.fetchStructureDefinition(url.substring(0, url.length() - VERSION.length())) : null;
        }

        @Override
        public <T extends IBaseResource> T fetchResource(Class<T> type, String url) {
            return url != null && url.endsWith(VERSION) ? base.fetchResource(type, url.substring(0, url.length() - VERSION.length())) : null;
        }
    }

    /** Takes in the definitions of a package as npm unpacks it. */
    private static void read(FhirContext context, Path folder, PrePopulatedValidationSupport into) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(path -> path.getFileName().toString().matches("(StructureDefinition|ValueSet|CodeSystem)-.*\\.json")).sorted().forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new IOException("no definitions in " + folder.getFileName());
        }
        for (Path file : files) {
            IBaseResource resource = context.newJsonParser().parseResource(Files.readString(file));
            into.addResource(resource);
        }
    }
}
