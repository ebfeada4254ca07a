using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using ActorTorrent.Service.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Transmission;

/// <summary>The Transmission RPC over HTTP: the handshake of session ids, requests in and answers out.</summary>
internal static class TransmissionEndpoints
{
    private const string SessionHeader = "X-Transmission-Session-Id";
    private const int MaxDepth = 16;

    // Clients that have fetched no id yet get one with the refusal; a web page of somebody else's cannot read it.
    private const string Handshake =
        "<h1>409: Conflict</h1><p>Your request had an invalid session-id header. Send it again with the header X-Transmission-Session-Id of this answer.</p>";

    /// <summary>Adds the routes.</summary>
    public static void MapTransmission(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/transmission/rpc", [HttpMethods.Post, HttpMethods.Get], (RequestDelegate)AnswerAsync);
        routes.MapGet("/transmission/", (RequestDelegate)ToDashboard);
        routes.MapGet("/transmission/web/", (RequestDelegate)ToDashboard);
    }

    private static Task ToDashboard(HttpContext http)
    {
        http.Response.Redirect("/");
        return Task.CompletedTask;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var methods = http.RequestServices.GetRequiredService<RpcMethods>();
        http.Response.Headers[SessionHeader] = methods.SessionId;
        if (http.Request.Headers[SessionHeader] != methods.SessionId)
        {
            http.Response.StatusCode = StatusCodes.Status409Conflict;
            http.Response.ContentType = "text/html; charset=UTF-8";
            await http.Response.WriteAsync(Handshake, http.RequestAborted).ConfigureAwait(false);
            return;
        }
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            await Problem.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "The RPC takes POST requests.").ConfigureAwait(false);
            return;
        }
        JsonDocument request;
        try
        {
            request = await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = MaxDepth }, http.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, $"The body is not JSON: {e.Message}").ConfigureAwait(false);
            return;
        }
        using (request)
        {
            if (request.RootElement.ValueKind != JsonValueKind.Object)
            {
                await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, "The body is not a JSON object.").ConfigureAwait(false);
                return;
            }
            if (!JsonTexts.AreWhole(request.RootElement))
            {
                await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, "The body holds half a surrogate pair.").ConfigureAwait(false);
                return;
            }
            await RunAsync(http, methods, request.RootElement).ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(HttpContext http, RpcMethods methods, JsonElement request)
    {
        var root = new RpcArguments(request);
        var arguments = new RpcArguments(request.TryGetProperty("arguments", out var given) ? given : default);
        var buffer = new ArrayBufferWriter<byte>(4096);
        var result = "success";
        try
        {
            await WriteAsync(buffer, root, writer => methods.RunAsync(root.Text("method"), arguments, writer, http.RequestAborted), () => result).ConfigureAwait(false);
        }
        catch (RpcFailure failure)
        {
            result = failure.Message;
            buffer.ResetWrittenCount();
            await WriteAsync(buffer, root, static _ => Task.CompletedTask, () => result).ConfigureAwait(false);
        }
        http.Response.ContentType = MediaTypeNames.Application.Json;
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }

    private static async Task WriteAsync(IBufferWriter<byte> buffer, RpcArguments request, Func<Utf8JsonWriter, Task> content, Func<string> result)
    {
        var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("arguments");
            await content(writer).ConfigureAwait(false);
            writer.WriteEndObject();
            writer.WriteString("result", result());
            if (request.Number("tag") is { } tag)
                writer.WriteNumber("tag", tag);
            writer.WriteEndObject();
        }
    }
}
