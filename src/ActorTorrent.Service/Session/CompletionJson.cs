using System.Text.Json.Serialization;

namespace ActorTorrent.Service.Session;

/// <summary>How a webhook's body is written; made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Completion))]
internal sealed partial class CompletionJson : JsonSerializerContext;
