//! What is assessed, and how (SPEC.md section 4, ③-1 and ③-3).

use crate::terms;

terms! {
    /// Kinds of applications: each has checks of its own.
    pub enum ApplicationKind ("application-kind") {
        /// Web application.
        Web = "web",
        /// Interface for programs.
        Api = "api",
        /// Program on a terminal.
        Desktop = "desktop",
        /// Program on a phone or tablet.
        Mobile = "mobile",
        /// Server or its operating system.
        Server = "server",
        /// Network device, VPN device.
        NetworkDevice = "network-device",
        /// IoT device.
        IotDevice = "iot-device",
        /// Medical device: never scanned.
        MedicalDevice = "medical-device",
        /// Container or its image.
        Container = "container",
    }
}

terms! {
    /// By which way something is assessed.
    pub enum Way ("assessment-way") {
        /// ソースコード診断
        Source = "source",
        /// From outside, on the running application.
        Outside = "outside",
        /// By its settings and documents, without sending it anything.
        Configuration = "configuration",
    }
}
