using System.Text.Json.Serialization;

namespace ActorTorrent.Service.Api;

/// <summary>How the API's answers are written; made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TorrentResource))]
[JsonSerializable(typeof(IReadOnlyList<TorrentResource>))]
[JsonSerializable(typeof(IReadOnlyList<PeerResource>))]
[JsonSerializable(typeof(PeersResource))]
[JsonSerializable(typeof(IReadOnlyList<FileResource>))]
[JsonSerializable(typeof(IReadOnlyList<TrackerResource>))]
[JsonSerializable(typeof(PiecesResource))]
[JsonSerializable(typeof(FaultResource))]
[JsonSerializable(typeof(IReadOnlyList<FaultResource>))]
[JsonSerializable(typeof(ActorsResource))]
[JsonSerializable(typeof(SessionResource))]
[JsonSerializable(typeof(CreatedResource))]
[JsonSerializable(typeof(IReadOnlyList<ProbeResource>))]
[JsonSerializable(typeof(RemovedResource))]
[JsonSerializable(typeof(GapResource))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext;
