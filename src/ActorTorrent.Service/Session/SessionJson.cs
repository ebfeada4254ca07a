using System.Text.Json.Serialization;

namespace ActorTorrent.Service.Session;

/// <summary>How the session's files are written; made at build time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TorrentSettings))]
[JsonSerializable(typeof(SessionSettings))]
[JsonSerializable(typeof(StatisticsTotals))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class SessionJson : JsonSerializerContext;
