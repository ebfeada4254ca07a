using System.Security.Cryptography;
using ActorTorrent.Service.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTorrent.Service.Dashboard;

/// <summary>The dashboard's files, which are part of the program.</summary>
internal static class DashboardEndpoints
{
    private const string Prefix = "www/";
    private const string Index = "index.html";

    // Nothing from elsewhere, nothing inline.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; media-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps the page and its parts.</summary>
    /// <param name="routes">Where.</param>
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var assembly = typeof(DashboardEndpoints).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[Prefix.Length..];
            var tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
            var type = TypeOf(name);
            routes.MapMethods(
                name == Index ? "/" : $"/{name}", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => SendAsync(context, bytes, tag, type)));
        }
    }

    private static Task SendAsync(HttpContext context, byte[] bytes, string tag, string type)
    {
        var response = context.Response;
        response.Headers.ETag = $"\"{tag}\"";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (EntityTags.Contains(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The dashboard has a file of type {other}, which nobody said how to serve."),
    };
}
