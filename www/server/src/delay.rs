//! Waiting, where a fault asks for it.

use std::time::Duration;

/// What waits go by: this process's timers.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Default)]
pub(crate) struct Timers;

#[cfg(not(target_arch = "wasm32"))]
impl Timers {
    pub(crate) async fn wait(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// Lets what was sent reach the network.
    pub(crate) async fn flush(&self) {
        self.wait(Duration::from_millis(20)).await;
    }
}

/// What waits go by: the host's function, which gives a promise.
#[cfg(target_arch = "wasm32")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Timers(Option<send_wrapper::SendWrapper<js_sys::Function>>);

#[cfg(target_arch = "wasm32")]
impl Timers {
    pub(crate) fn new(sleep: js_sys::Function) -> Self {
        // There is one thread.
        Self(Some(send_wrapper::SendWrapper::new(sleep)))
    }

    pub(crate) fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send + use<> {
        let promise = self.0.as_ref().and_then(|sleep| {
            let milliseconds = wasm_bindgen::JsValue::from_f64(duration.as_secs_f64() * 1000.0);
            sleep.call1(&wasm_bindgen::JsValue::UNDEFINED, &milliseconds).ok()
        });
        send_wrapper::SendWrapper::new(async move {
            if let Some(promise) = promise {
                let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&promise)).await;
            }
        })
    }

    /// There is no network.
    pub(crate) async fn flush(&self) {}
}
