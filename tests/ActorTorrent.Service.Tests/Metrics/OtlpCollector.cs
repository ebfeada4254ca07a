using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Tests.Metrics;

/// <summary>Takes what is exported by OTLP over HTTP, and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public ConcurrentQueue<OtlpRequest> Requests { get; } = new();

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/{**path}", (RequestDelegate)(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            collector.Requests.Enqueue(new OtlpRequest(
                context.Request.Path, context.Request.ContentType ?? "", context.Request.Headers["x-tenant"].ToString(), body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        }));
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Whether something with these words came to a path. Texts lie in protobuf as they are.</summary>
    public bool Has(string path, string words) =>
        Requests.Any(request => request.Path == path && request.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(words)) >= 0);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
