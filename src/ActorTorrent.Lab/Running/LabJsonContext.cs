using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTorrent.Lab.Reports;

namespace ActorTorrent.Lab.Running;

/// <summary>How orders, reports and results are written, made at compile time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(PeersOrder))]
[JsonSerializable(typeof(PeersReport))]
[JsonSerializable(typeof(EngineOrder))]
[JsonSerializable(typeof(EngineReport))]
[JsonSerializable(typeof(LabReport))]
internal sealed partial class LabJsonContext : JsonSerializerContext;
