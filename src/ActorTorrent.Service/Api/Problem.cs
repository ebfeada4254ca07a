using System.Text.Json.Serialization;

namespace ActorTorrent.Service.Api;

/// <summary>What went wrong (RFC 9457).</summary>
/// <param name="Type">Names the kind; <c>about:blank</c> when the status says it.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What went wrong, for the user.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    /// <summary>Where in the body it is wrong (RFC 6901); null when that is not the matter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pointer { get; init; }
}
