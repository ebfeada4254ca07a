using Microsoft.Extensions.Configuration;

namespace ActorTorrent.Service.Metrics;

/// <summary>Where metrics and traces are sent to: section <c>Telemetry:Otlp</c> of the configuration, or OpenTelemetry's own environment variables.</summary>
internal sealed record OtlpSettings
{
    private const string Section = "Telemetry:Otlp";

    /// <summary>The collector's address, without a path of a signal; null for what the environment says.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether it is spoken to by gRPC instead of protobuf over HTTP.</summary>
    public bool IsGrpc { get; init; }

    /// <summary>Headers to send, <c>name=value,name=value</c>; null for none.</summary>
    public string? Headers { get; init; }

    /// <summary>Time between two exports of metrics.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The part of peers' lives that is traced, 0 to 1.</summary>
    public double TracedShare { get; init; } = 1;

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <returns>The settings; null when nothing is to be exported.</returns>
    /// <exception cref="Engine.Options.SettingsException">A value cannot be used.</exception>
    public static OtlpSettings? Read(IConfiguration configuration)
    {
        var reader = new Options.ServiceSettingsReader(configuration, Section);
        var endpoint = reader.TextOrNull("Endpoint", "an http or https address", IsAddress);
        var settings = new OtlpSettings
        {
            Endpoint = endpoint is null ? null : new Uri(endpoint),
            IsGrpc = reader.TextOrNull("Protocol", "http/protobuf or grpc", static text => text is "http/protobuf" or "grpc") == "grpc",
            Headers = reader.TextOrNull("Headers"),
            Interval = TimeSpan.FromMilliseconds(reader.Number("IntervalMilliseconds", 60_000, 100, 86_400_000)),
            TracedShare = reader.Number("TracedPercent", 100, 0, 100) / 100.0,
        };
        reader.Finish();
        var isByEnvironment = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));
        return endpoint is null && !isByEnvironment ? null : settings;
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
