using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTorrent.Service.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ActorTorrent.Service;

/// <summary>What went wrong, over HTTP (RFC 9457).</summary>
/// <param name="Type">Names the kind; <c>about:blank</c> when the status says it.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What went wrong, for the user.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    /// <summary>Where in the body it is wrong (RFC 6901); null when that is not the matter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pointer { get; init; }

    /// <summary>A problem whose status says what kind it is.</summary>
    public static Problem Of(int status, string detail, string? pointer = null) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail) { Pointer = pointer };

    /// <summary>Writes one as the answer. Headers that are set already stay.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong, in a sentence.</param>
    public static Task WriteAsync(HttpContext http, int status, string detail) => Of(status, detail).WriteAsync(http);

    /// <summary>Writes it as the answer. Headers that are set already stay.</summary>
    /// <param name="http">The request.</param>
    public Task WriteAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(http.Response.Body, this, ApiJson.Default.Problem, CancellationToken.None);
    }
}
