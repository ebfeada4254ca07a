using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTorrent.Cli;

/// <summary>How <see cref="ProbeLine"/> is written, made at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProbeLine))]
internal sealed partial class ProbeJsonContext : JsonSerializerContext;
